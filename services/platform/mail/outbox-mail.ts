import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compose } from './compose.ts';
import type { Mail, MailMessage } from './mail.ts';

export interface OutboxOptions {
  readonly folder: string;
  readonly from: string;
}

/** Writes each mail as `<id>.eml` into a folder that nobody else reads: what it holds signs people in. */
export class OutboxMail implements Mail {
  readonly kind = 'outbox';
  readonly #options: OutboxOptions;
  #transport: ReturnType<typeof openTransport> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  async send(message: MailMessage): Promise<void> {
    const { folder, from } = this.#options;
    this.#transport ??= openTransport();
    const { message: eml } = await (await this.#transport).sendMail(compose(message, from));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${message.id}.eml`);
    // Whoever watches the folder sees whole mails only.
    await writeFile(`${file}.part`, eml as Buffer, { mode: 0o600 });
    await rename(`${file}.part`, file);
  }

  async close(): Promise<void> {
    (await this.#transport)?.close();
  }
}

/** Loaded with the first mail: it takes 10 MB, and many a Lamplight on a laptop sends none. */
async function openTransport() {
  const { createTransport } = await import('nodemailer');
  return createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
}
