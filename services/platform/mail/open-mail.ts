import type { Config } from '#platform/config/config.ts';
import type { Mail } from './mail.ts';

/**
 * Mail through the server that the settings name, or into files. Waits for no server, and loads what sends mails with the first:
 * most processes send none, and it would take a sixth of their memory and a tenth of a second of their start.
 */
export function openMail(settings: Config['mail'], { kind: storage }: Pick<Config['storage'], 'kind'>): Mail {
  let opened: Promise<Adapter> | undefined;
  const folder = storage === 'servers' ? 'passing' : 'outbox';
  return {
    kind: settings.smtpUrl === undefined ? folder : 'smtp',
    async send(message, signal) {
      opened ??= openAdapter(settings);
      await (await opened).send(message, signal);
    },
    async close() {
      await (await opened)?.close();
    },
  };
}

type Adapter = Pick<Mail, 'send' | 'close'>;

async function openAdapter({ smtpUrl, outbox, from }: Config['mail']): Promise<Adapter> {
  if (smtpUrl === undefined) {
    const { OutboxMail } = await import('./outbox-mail.ts');
    return new OutboxMail({ folder: outbox, from });
  }
  const { SmtpMail } = await import('./smtp-mail.ts');
  return new SmtpMail({ url: smtpUrl, from });
}
