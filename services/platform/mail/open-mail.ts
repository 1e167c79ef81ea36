import type { Config } from '#platform/config/config.ts';
import type { Mail } from './mail.ts';

/** Mail through the server that the settings name, or into files. Does not wait for the server. */
export async function openMail({ smtpUrl, outbox, from }: Config['mail']): Promise<Mail> {
  if (smtpUrl === undefined) {
    const { OutboxMail } = await import('./outbox-mail.ts');
    return new OutboxMail({ folder: outbox, from });
  }
  const { SmtpMail } = await import('./smtp-mail.ts');
  return new SmtpMail({ url: smtpUrl, from });
}
