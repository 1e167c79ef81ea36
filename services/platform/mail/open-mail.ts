import type { Config } from '#platform/config/config.ts';
import type { Mail } from './mail.ts';

/**
 * Mail through the server that the settings name, or into files. Waits for no server, and loads what sends mails with the first:
 * most processes send none, and it would take a sixth of their memory and a tenth of a second of their start.
 */
export function openMail(settings: Config['mail']): Mail {
  let opened: Promise<Mail> | undefined;
  return {
    async send(message, signal) {
      opened ??= openAdapter(settings);
      await (await opened).send(message, signal);
    },
    async close() {
      await (await opened)?.close();
    },
  };
}

async function openAdapter({ smtpUrl, outbox, from }: Config['mail']): Promise<Mail> {
  if (smtpUrl === undefined) {
    const { OutboxMail } = await import('./outbox-mail.ts');
    return new OutboxMail({ folder: outbox, from });
  }
  const { SmtpMail } = await import('./smtp-mail.ts');
  return new SmtpMail({ url: smtpUrl, from });
}
