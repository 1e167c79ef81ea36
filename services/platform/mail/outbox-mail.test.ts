import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { from, newMessage, testMail } from './mail.contract.ts';
import { openMail } from './open-mail.ts';

const open = async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'lamplight-mail-')), 'outbox');
  return { folder, mail: openMail({ outbox: folder, from }, { kind: 'embedded' }) };
};

describe('OutboxMail', () => {
  testMail(async () => {
    const { folder, mail } = await open();
    const received = async () => {
      const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.eml'));
      return Promise.all(files.map(async (file) => PostalMime.parse(await readFile(join(folder, file)))));
    };
    return { mail, received, close: () => mail.close() };
  });

  it.each([
    ['embedded', undefined, 'outbox'],
    ['servers', undefined, 'passing'],
    ['embedded', 'smtp://127.0.0.1:1', 'smtp'],
    ['servers', 'smtp://127.0.0.1:1', 'smtp'],
  ] as const)('where storage is %s and the server is %s, mail is %s', (kind, smtpUrl, expected) => {
    expect(openMail({ ...(smtpUrl && { smtpUrl }), outbox: 'nowhere', from }, { kind }).kind).toBe(expected);
  });

  it('keeps a mail that is sent twice once, in files that nobody else reads', async () => {
    const { folder, mail } = await open();
    const message = newMessage();
    await mail.send(message);
    await mail.send(message);
    expect(await readdir(folder)).toEqual([`${message.id}.eml`]);
    const mode = async (path: string) => (await stat(path)).mode & 0o777;
    expect([await mode(folder), await mode(join(folder, `${message.id}.eml`))]).toEqual([0o700, 0o600]);
  });
});
