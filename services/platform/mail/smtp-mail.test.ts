import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { from, newMessage, testMail } from './mail.contract.ts';
import { type MailServer, startMailServer } from './mail-server.fixture.ts';
import { openMail } from './open-mail.ts';

const openAt = (smtpUrl: string) => openMail({ smtpUrl, outbox: 'nowhere', from }, { kind: 'servers' });

describe('SmtpMail', () => {
  const closing: Array<() => Promise<void>> = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });
  const start = async (options: Parameters<typeof startMailServer>[0] = {}): Promise<MailServer> => {
    const server = await startMailServer(options);
    closing.push(server.close);
    return server;
  };
  const open = async (url: string) => {
    const mail = await openAt(url);
    closing.push(() => mail.close());
    return mail;
  };

  testMail(async () => {
    const server = await startMailServer();
    const mail = await openAt(`smtp://127.0.0.1:${server.port}`);
    const close = async () => {
      await mail.close();
      await server.close();
    };
    return { mail, received: async () => server.received, close };
  });

  it('signs in with the name and password of its address', async () => {
    const seen: unknown[] = [];
    const server = await start({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        seen.push([username, password]);
        done(null, { user: username });
      },
    });
    const mail = await open(`smtp://lamp%40light:p%2Fa%3As%20s@127.0.0.1:${server.port}`);
    await mail.send(newMessage());
    expect(seen).toEqual([['lamp@light', 'p/a:s s']]);
    expect(server.recipients).toEqual([['ada@example.org']]);
  });

  it('gives no password to a server that is elsewhere and does not speak TLS', async () => {
    const seen: unknown[] = [];
    const server = await start({
      allowInsecureAuth: true,
      onAuth: ({ username }, _session, done) => {
        seen.push(username);
        done(null, { user: username });
      },
    });
    // Another name of this machine: where the address leads does not matter, what it says does.
    const mail = await open(`smtp://lamplight:secret@0.0.0.0:${server.port}`);
    await expect(mail.send(newMessage())).rejects.toThrow(/TLS/i);
    expect(seen).toEqual([]);
  });

  it('throws where the server refuses the mail, without the address, and sends the next', async () => {
    let refuse = true;
    const server = await start({
      onRcptTo: (_address, _session, done) => {
        const error = new Error('the mailbox of Ada@example.org is full');
        done(refuse ? Object.assign(error, { responseCode: 452 }) : null);
      },
    });
    const mail = await open(`smtp://127.0.0.1:${server.port}`);
    const message = newMessage();
    const error: unknown = await mail.send(message).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/the mailbox of \[address\] is full/);
    expect(error).toMatchObject({ name: 'MailError', retryable: true });
    expect(inspect(error)).not.toContain('example.org');
    refuse = false;
    await mail.send(message);
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ['onRcptTo', 550, false],
    ['onRcptTo', 451, true],
    ['onData', 554, false],
    ['onData', 421, true],
    ['onAuth', 535, true],
  ] as const)(
    'says whether another try may do where the server refuses by %s with %i',
    async (at, responseCode, again) => {
      const refusal = Object.assign(new Error('No'), { responseCode });
      const server = await start({
        allowInsecureAuth: true,
        ...(at === 'onAuth' && { onAuth: (_auth, _session, done) => done(refusal) }),
        ...(at === 'onRcptTo' && { onRcptTo: (_address, _session, done) => done(refusal) }),
        ...(at === 'onData' && {
          onData: (stream, _session, done) => stream.resume().once('end', () => done(refusal)),
        }),
      });
      const mail = await open(`smtp://${at === 'onAuth' ? 'a:b@' : ''}127.0.0.1:${server.port}`);
      await expect(mail.send(newMessage())).rejects.toMatchObject({ retryable: again });
    },
  );

  it('throws where the server goes away between the mail and its answer, and sends it again under the same id', async () => {
    let away = true;
    const server: MailServer = await startMailServer({}, () => (away ? server.drop() : undefined));
    closing.push(server.close);
    const mail = await open(`smtp://127.0.0.1:${server.port}`);
    const message = newMessage();
    await expect(mail.send(message)).rejects.toMatchObject({ name: 'MailError', retryable: true });
    away = false;
    await mail.send(message);
    expect(server.received.map(({ messageId }) => messageId)).toEqual(Array(2).fill(`<${message.id}@lamplight.test>`));
  });

  it('brings a mail while four others have no answer yet', async () => {
    const answer = Promise.withResolvers<void>();
    const server = await startMailServer({}, ({ messageId }) =>
      messageId?.startsWith('<slow-') ? answer.promise : undefined,
    );
    closing.push(server.close);
    const mail = open(`smtp://127.0.0.1:${server.port}`);
    const slow = ['slow-1', 'slow-2', 'slow-3', 'slow-4'].map(async (id) => (await mail).send(newMessage({ id })));
    await expect.poll(() => server.received.length).toBe(4);
    await (await mail).send(newMessage());
    expect(server.received).toHaveLength(5);
    answer.resolve();
    await Promise.all(slow);
  });

  it('throws where nobody listens, and sends once somebody does', async () => {
    const server = await startMailServer();
    await server.close();
    const mail = await open(`smtp://127.0.0.1:${server.port}`);
    await expect(mail.send(newMessage())).rejects.toThrow(/ECONNREFUSED/);
  });

  it('gives a silent server up when its job has to stop', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const connected = new Promise<void>((resolve) => silent.once('connection', () => resolve()));
    const mail = await open(`smtp://127.0.0.1:${port}`);
    closing.push(() => new Promise((resolve) => silent.close(() => resolve())));
    const stopping = new AbortController();
    const sent = mail.send(newMessage(), stopping.signal);
    sent.catch(() => {});
    await connected;
    stopping.abort(new Error('the worker stops'));
    await expect(sent).rejects.toThrow();
  });
});
