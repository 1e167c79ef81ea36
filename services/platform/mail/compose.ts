import type { SendMailOptions } from 'nodemailer';
import { isEmail } from '#contract/accounts.ts';
import type { MailMessage } from './mail.ts';

const idForm = /^[\w-]{1,100}$/;

/** A message as nodemailer takes it, so that every adapter sends the same. Throws where a part is not what it says. */
export function compose({ id, to, subject, text, html }: MailMessage, from: string): SendMailOptions {
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
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
