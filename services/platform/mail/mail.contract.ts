import { randomUUID } from 'node:crypto';
import type { Email } from 'postal-mime';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '#tests/servers/child.ts';
import type { Mail, MailMessage } from './mail.ts';

export interface MailPlace {
  readonly mail: Mail;
  /** What has arrived, whole. */
  received(): Promise<readonly Email[]>;
  close(): Promise<void>;
}

export const from = 'Lamplight <lamplight@lamplight.test>';

export const newMessage = (more: Partial<MailMessage> = {}): MailMessage => ({
  id: randomUUID(),
  to: 'ada@example.org',
  subject: 'Confirm your address',
  text: 'Follow this link:\nhttps://lamplight.test/verify#token=a.b',
  html: '<p>Follow <a href="https://lamplight.test/verify#token=a.b">this link</a></p>',
  ...more,
});

const refusedAddresses = [
  'ada@example.org, eve@example.org',
  'ada,eve@example.org',
  'ada@example.org\r\nBcc: eve@example.org',
  'ada@example.org\0',
  'Ada <ada@example.org>',
  '"ada eve"@example.org',
  'ada@example.org;eve@example.org',
  'list:ada@example.org',
  '(eve@example.org)ada@example.org',
  'ada',
  '',
];

/** What every way of sending does. */
export function testMail(open: () => Promise<MailPlace>): void {
  let place: MailPlace;
  beforeAll(async () => {
    place = await open();
  });
  afterAll(() => place.close());

  const arrived = (id: string): Promise<Email> =>
    waitFor(async () => (await place.received()).find(({ messageId }) => messageId?.startsWith(`<${id}@`)), {
      what: 'the mail',
    });

  it('brings a mail as it was written, as text and as HTML', async () => {
    const message = newMessage();
    await place.mail.send(message);
    const email = await arrived(message.id);
    expect(email.from).toMatchObject({ name: 'Lamplight', address: 'lamplight@lamplight.test' });
    expect(email.to).toMatchObject([{ address: 'ada@example.org' }]);
    expect([email.subject, email.text?.trim(), email.html?.trim()]).toEqual([
      message.subject,
      message.text,
      message.html,
    ]);
    expect(email.messageId).toBe(`<${message.id}@lamplight.test>`);
    expect(Math.abs(Date.parse(email.date ?? '') - Date.now())).toBeLessThan(60_000);
    expect(email.headers).toContainEqual(expect.objectContaining({ key: 'auto-submitted', value: 'auto-generated' }));
  });

  it('brings every script and long lines', async () => {
    const text = `Zwölf 🪔 ${'лампа '.repeat(400)}\n.\n..\nFrom here`;
    const message = newMessage({ subject: 'Zwölf 🪔 лампа', text, html: `<p>${text}</p>` });
    await place.mail.send(message);
    const email = await arrived(message.id);
    expect([email.subject, email.text?.trim(), email.html?.trim()]).toEqual([message.subject, text, message.html]);
  });

  it.each(['a\r\nBcc: eve@example.org', 'a\n\nbody', 'a\rBcc: eve@example.org', 'a\u2028Bcc: eve@example.org'])(
    'takes no header out of the subject %j',
    async (subject) => {
      const message = newMessage({ subject });
      await place.mail.send(message);
      const email = await arrived(message.id);
      expect(email.headers.map(({ key }) => key)).not.toContain('bcc');
      expect([email.bcc ?? [], email.text?.trim()]).toEqual([[], message.text]);
      expect(email.subject).toMatch(/^a /);
    },
  );

  it.each(refusedAddresses)('is for one address, not for %j', async (to) => {
    const before = (await place.received()).length;
    await expect(place.mail.send(newMessage({ to }))).rejects.toThrow(TypeError);
    expect(await place.received()).toHaveLength(before);
  });

  const picture = {
    name: 'picture',
    mediaType: 'image/png',
    bytes: Buffer.from('PNG of \0\xff\r\n.\r\n', 'latin1'),
  } as const;

  it('brings pictures in the mail, where its HTML shows them, byte for byte', async () => {
    const html = '<p><img src="cid:picture" alt="A fox"><img src="cid:second"></p>';
    const second = { name: 'second', mediaType: 'image/jpeg', bytes: new Uint8Array(300_000).fill(46) } as const;
    const message = newMessage({ html, pictures: [picture, second] });
    await place.mail.send(message);
    const { attachments, ...email } = await arrived(message.id);
    expect([email.text?.trim(), email.html?.trim()]).toEqual([message.text, html]);
    expect(attachments.map(({ content: _content, ...rest }) => rest)).toMatchObject([
      { contentId: '<picture>', mimeType: 'image/png', disposition: 'inline', related: true, filename: 'picture.png' },
      { contentId: '<second>', mimeType: 'image/jpeg', disposition: 'inline', related: true, filename: 'second.jpeg' },
    ]);
    const bytes = attachments.map(({ content }) => Buffer.from(content as ArrayBuffer));
    expect(bytes.map((each) => each.toString('base64'))).toEqual(
      [picture, second].map((each) => Buffer.from(each.bytes).toString('base64')),
    );
  });

  it.each([[{ ...picture, name: 'a"b' }], [{ ...picture, name: 'a\r\nBcc: eve@example.org' }], [picture, picture]])(
    'refuses pictures that cannot be told apart',
    async (...pictures) => {
      await expect(place.mail.send(newMessage({ pictures }))).rejects.toThrow(TypeError);
    },
  );

  it('says where one click ends such mails, as RFC 8058 has it, and nowhere else', async () => {
    const url = `https://lamplight.test/api/story-mails/unsubscribe?token=${'a'.repeat(36)}.${'b'.repeat(43)}`;
    const message = newMessage({ listUnsubscribe: url });
    await place.mail.send(message);
    const { headers } = await arrived(message.id);
    expect(headers).toContainEqual(expect.objectContaining({ key: 'list-unsubscribe', value: `<${url}>` }));
    expect(headers).toContainEqual(
      expect.objectContaining({ key: 'list-unsubscribe-post', value: 'List-Unsubscribe=One-Click' }),
    );
    const plain = newMessage();
    await place.mail.send(plain);
    expect((await arrived(plain.id)).headers.filter(({ key }) => key.startsWith('list-'))).toEqual([]);
  });

  it.each([
    'javascript:alert(1)',
    'eve@example.org',
    'https://a.test/\r\nBcc: eve@example.org>, <mailto:eve@example.org',
    '',
  ])('ends no mails at %j', async (listUnsubscribe) => {
    const message = newMessage({ listUnsubscribe });
    const sent = await place.mail.send(message).catch((error: unknown) => error);
    if (sent instanceof TypeError) return;
    const { headers } = await arrived(message.id);
    expect(headers.filter(({ key }) => key === 'bcc')).toEqual([]);
    expect(headers.find(({ key }) => key === 'list-unsubscribe')?.value).toMatch(/^<https:\/\/a\.test\/[^\s<>]*>$/);
  });

  it('refuses an id that is none', async () => {
    await expect(place.mail.send(newMessage({ id: '../../etc' }))).rejects.toThrow(TypeError);
  });

  it('brings many at a time', async () => {
    const messages = Array.from({ length: 20 }, () => newMessage());
    await Promise.all(messages.map((message) => place.mail.send(message)));
    await Promise.all(messages.map(({ id }) => arrived(id)));
  });
}
