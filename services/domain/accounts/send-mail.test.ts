import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mail, MailMessage } from '#platform/mail/mail.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { Freezable, settle, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { type TestAccounts, testAccounts } from './accounts.fixture.ts';
import { addLink, askForMail, findLink, linkToken, mailQueue, spendLink } from './links.ts';
import { sendMail } from './send-mail.ts';

const hour = 3_600_000;

/** Keeps what it sends, or fails. */
class KeptMail implements Mail {
  readonly kind = 'smtp';
  readonly sent: MailMessage[] = [];
  failure: Error | undefined;
  async send(message: MailMessage): Promise<void> {
    if (this.failure) throw this.failure;
    this.sent.push(message);
  }
  async close(): Promise<void> {}
}

describe('mails', () => {
  let time: VirtualTime;
  let store: Store;
  let app: TestAccounts;
  let mail: KeptMail;
  beforeEach(async () => {
    time = new VirtualTime();
    store = await openSqliteStore({ file: ':memory:', logger: collectingLogger().logger });
    app = await testAccounts(store, new Freezable(time).clock(0));
    mail = new KeptMail();
    app.queue.consume(mailQueue, { concurrency: 1 }, (job, signal) => sendMail(app.accounts, mail, job.data, signal));
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });
  const forgot = async (email: string) => {
    const link = await addLink(app.accounts, { kind: 'reset', email });
    await settle();
    return link;
  };
  const addAda = () => app.addPerson({ email: 'ada@example.org', passwordHash: 'some' });

  it('are sent at most three times an hour to one address, whoever asks', async () => {
    await addAda();
    for (let count = 0; count < 5; count += 1) await forgot('ada@example.org');
    expect(mail.sent).toHaveLength(3);
    expect(await app.accounts.records.links.count({ email: 'ada@example.org', kind: 'reset' })).toBe(3);
    await forgot('grace@example.org');
    await time.advance(hour + 1);
    await forgot('ada@example.org');
    expect(mail.sent).toHaveLength(4);
  });

  it('are tried again, then left as dead letters that hold no secret and no address', async () => {
    await addAda();
    mail.failure = new Error('the server is away');
    const link = await forgot('ada@example.org');
    expect(await app.queue.counts(mailQueue)).toMatchObject({ delayed: 1, dead: 0 });
    mail.failure = undefined;
    await time.advance(10_000);
    await settle();
    expect(mail.sent.map(({ to }) => to)).toEqual(['ada@example.org']);
    mail.failure = new Error('the server is away');
    const second = await forgot('ada@example.org');
    for (let tries = 0; tries < 12; tries += 1) await time.advance(hour);
    const [dead] = await app.queue.deadLetters(mailQueue, 10);
    expect(dead).toMatchObject({ id: `link-${second._id}`, attempts: 10, data: { kind: 'link', id: second._id } });
    const kept = JSON.stringify([dead, app.lines]);
    for (const secret of ['ada@example.org', linkToken(app.accounts.keys, second), linkToken(app.accounts.keys, link)])
      expect(kept).not.toContain(secret);
  });

  it('are sent once for one link, however often they are asked for', async () => {
    await addAda();
    const { _id } = await forgot('ada@example.org');
    for (let count = 0; count < 3; count += 1) {
      await askForMail(app.accounts, { kind: 'link', id: _id });
      await settle();
    }
    expect(mail.sent).toHaveLength(1);
  });

  it('are not sent for a link that is gone or too old, or to people who are gone', async () => {
    await askForMail(app.accounts, { kind: 'link', id: 'nothing' });
    await askForMail(app.accounts, { kind: 'password_changed', id: 'nobody_0' });
    const ada = await addAda();
    await app.accounts.records.people.update(ada._id, { set: { disabled: true } });
    await forgot('ada@example.org');
    expect(mail.sent).toEqual([]);
    expect((await app.queue.counts(mailQueue)).dead).toBe(0);
  });

  it('tell when a password was changed, where the person lives', async () => {
    const ada = await app.addPerson({ email: 'ada@example.org', timeZone: 'Asia/Tokyo' });
    await askForMail(app.accounts, { kind: 'password_changed', id: `${ada._id}_${Date.UTC(2026, 10, 21, 20)}` });
    await settle();
    expect(mail.sent[0]?.text).toContain('November 22, 2026 at 5:00');
    expect(mail.sent[0]?.text).toContain('(Asia/Tokyo)');
  });

  it('are in the language of whom they are for, the moment in it too', async () => {
    const ada = await app.addPerson({ email: 'ada@example.org', passwordHash: 'some', language: 'ar' });
    await forgot('ada@example.org');
    await askForMail(app.accounts, { kind: 'password_changed', id: `${ada._id}_${Date.UTC(2026, 10, 21, 20)}` });
    await app.addPerson({ email: 'elsewhere@example.org', openIdSubject: 'some', language: 'es' });
    await forgot('elsewhere@example.org');
    expect(mail.sent.map(({ subject }) => subject)).toEqual([
      'تعيين كلمة مرور جديدة',
      'تغيّرت كلمة مرورك',
      'Tu cuenta no tiene contraseña',
    ]);
    expect(mail.sent[0]?.html).toContain('<html lang="ar" dir="rtl">');
    expect(mail.sent[1]?.text).toContain('21 نوفمبر 2026');
    expect(mail.sent[2]?.text).toContain('inicias sesión con otro proveedor');
  });

  it('hold links to where people reach us alone, and nothing that somebody else wrote', async () => {
    await addLink(app.accounts, {
      kind: 'verify',
      email: 'new@example.org',
      registration: { name: 'Win a prize at evil.example', passwordHash: 'x' },
    });
    await addLink(app.accounts, { kind: 'invite', email: 'guest@example.org', role: 'user' });
    await settle();
    expect(mail.sent).toHaveLength(2);
    for (const { text, html } of mail.sent) {
      const urls = `${text} ${html}`.match(/https?:\/\/[^\s"<]+/g) ?? [];
      expect(urls.length).toBeGreaterThan(1);
      for (const url of urls) expect(url).toMatch(/^https:\/\/lamplight\.test\/(verify|invitation)#token=[\w.-]+$/);
      expect(`${text} ${html}`).not.toContain('evil');
    }
  });
});

describe('links', () => {
  let time: VirtualTime;
  let store: Store;
  let app: TestAccounts;
  beforeEach(async () => {
    time = new VirtualTime();
    store = await openSqliteStore({ file: ':memory:', logger: collectingLogger().logger });
    app = await testAccounts(store, new Freezable(time).clock(0));
  });
  afterEach(async () => {
    await app.close();
    await store.close();
  });
  const invalid = expect.objectContaining({ code: 'link_invalid' });

  it.each([
    ['verify', 24 * hour],
    ['reset', hour],
    ['invite', 7 * 24 * hour],
  ] as const)('to %s work for as long as their mail says', async (kind, lifeMs) => {
    const link = await addLink(app.accounts, { kind, email: 'ada@example.org' });
    const token = linkToken(app.accounts.keys, link);
    await time.advance(lifeMs - 1);
    expect(await findLink(app.accounts, kind, token)).toEqual(link);
    await time.advance(1);
    await expect(findLink(app.accounts, kind, token)).rejects.toEqual(invalid);
  });

  it('are of one kind, and are not told from their ids', async () => {
    const link = await addLink(app.accounts, { kind: 'invite', email: 'ada@example.org', role: 'admin' });
    const token = linkToken(app.accounts.keys, link);
    const asVerify = linkToken(app.accounts.keys, { _id: link._id, kind: 'verify' });
    for (const kind of ['verify', 'reset'] as const)
      await expect(findLink(app.accounts, kind, token)).rejects.toEqual(invalid);
    await expect(findLink(app.accounts, 'invite', asVerify)).rejects.toEqual(invalid);
    await expect(findLink(app.accounts, 'verify', asVerify)).rejects.toEqual(invalid);
    for (const other of [link._id, `${link._id}.`, `${token}x`, token.toUpperCase(), ` ${token}`])
      await expect(findLink(app.accounts, 'invite', other)).rejects.toEqual(invalid);
  });

  it('are used once', async () => {
    const link = await addLink(app.accounts, { kind: 'reset', email: 'ada@example.org' });
    const results = await Promise.allSettled([spendLink(app.accounts, link), spendLink(app.accounts, link)]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('are made although the queue is away, which is told', async () => {
    await app.queue.close();
    await addLink(app.accounts, { kind: 'reset', email: 'ada@example.org' });
    expect(app.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'The queue did not take the job of a mail.'],
    ]);
  });
});
