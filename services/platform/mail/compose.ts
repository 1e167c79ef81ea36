import type { SendMailOptions } from 'nodemailer';
import { isEmail } from '#contract/accounts.ts';
import type { InlinePicture, MailMessage } from './mail.ts';

const idForm = /^[\w-]{1,100}$/;

/** A message as nodemailer takes it, so that every adapter sends the same. Throws where a part is not what it says. */
export function compose(message: MailMessage, from: string): SendMailOptions {
  const { id, to, subject, text, html, pictures = [], listUnsubscribe } = message;
  if (!isEmail(to)) throw new TypeError('A mail goes to one bare address.');
  if (!idForm.test(id)) throw new TypeError('The id of a mail has letters, digits and "-" only.');
  const host = /@([\w.-]+)>?\s*$/.exec(from)?.[1] ?? 'lamplight';
  return {
    from,
    to: { name: '', address: to },
    subject: subject.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '),
    text,
    html,
    messageId: `<${id}@${host}>`,
    // No vacation notice and no list answers it: RFC 3834, section 5.
    headers: { 'Auto-Submitted': 'auto-generated', ...(listUnsubscribe !== undefined && oneClick) },
    ...(listUnsubscribe !== undefined && { list: { unsubscribe: webAddress(listUnsubscribe) } }),
    ...(pictures.length > 0 && { attachments: attached(pictures) }),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** The words are RFC 8058's, section 3.1. */
const oneClick = { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } as const;

function webAddress(address: string): string {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) throw new TypeError('What ends mails is an address of the web.');
  return url.href;
}

/** Each is a related part of the HTML, found by its Content-ID (RFC 2387, RFC 2392). */
function attached(pictures: readonly InlinePicture[]): NonNullable<SendMailOptions['attachments']> {
  if (new Set(pictures.map(({ name }) => name)).size < pictures.length)
    throw new TypeError('Two pictures of a mail have the same name.');
  return pictures.map(({ name, mediaType, bytes }) => {
    if (!idForm.test(name)) throw new TypeError('The name of a picture has letters, digits and "-" only.');
    const filename = `${name}.${mediaType.slice('image/'.length)}`;
    return { filename, cid: name, content: Buffer.from(bytes), contentType: mediaType, contentDisposition: 'inline' };
  });
}
