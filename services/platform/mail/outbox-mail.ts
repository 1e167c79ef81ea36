import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { compose } from './compose.ts';
import type { Mail, MailMessage } from './mail.ts';

export interface OutboxOptions {
  readonly folder: string;
  readonly from: string;
}

/** Writes each mail as `<id>.eml` into a folder that nobody else reads: what it holds signs people in. */
export class OutboxMail implements Mail {
  readonly kind = 'outbox';
  readonly #transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  readonly #options: OutboxOptions;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  async send(message: MailMessage): Promise<void> {
    const { folder, from } = this.#options;
    const { message: eml } = await this.#transport.sendMail(compose(message, from));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${message.id}.eml`);
    // Whoever watches the folder sees whole mails only.
    await writeFile(`${file}.part`, eml as Buffer, { mode: 0o600 });
    await rename(`${file}.part`, file);
  }

  async close(): Promise<void> {
    this.#transport.close();
  }
}
