import { createTransport } from 'nodemailer';
import { compose } from './compose.ts';
import { type Mail, MailError, type MailMessage } from './mail.ts';

/**
 * A server that does not answer is tried again by the job; it must not hold the worker. One that has the whole mail may look through it
 * for minutes: whoever gives up before it answers sends the mail twice (RFC 5321, section 4.5.3.2.6).
 */
const timeouts = { dnsTimeout: 10_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 600_000 };
/** More than mails of stories are sent at a time, so that a server that is silent over those leaves some for mails of accounts. */
const connections = 5;

export interface SmtpOptions {
  /** `smtp://` or `smtps://`, with name and password where the server wants them, percent-encoded. */
  readonly url: string;
  readonly from: string;
}

/** Sends through an SMTP server, over connections that are kept for the next mails. */
export class SmtpMail implements Mail {
  readonly kind = 'smtp';
  readonly #transport;
  readonly #from: string;

  constructor({ url, from }: SmtpOptions) {
    this.#from = from;
    this.#transport = createTransport({
      pool: true,
      url,
      maxConnections: connections,
      // The job tries again, and counts its tries.
      maxRequeues: 0,
      idleTimeout: 30_000,
      requireTLS: mustBeSecret(url),
      ...timeouts,
    });
  }

  async send(message: MailMessage, signal?: AbortSignal): Promise<void> {
    const mail = compose(message, this.#from);
    try {
      await this.#transport.sendMail({ ...mail, ...(signal && { signal }) });
    } catch (error) {
      throw withoutAddress(error, message.to);
    }
  }

  async close(): Promise<void> {
    this.#transport.close();
  }
}

/** Servers repeat the address in what they say of a mail, and errors are logged. */
function withoutAddress(error: unknown, address: string): MailError {
  const said = error instanceof Error ? error.message : String(error);
  const words = said.replaceAll(new RegExp(RegExp.escape(address), 'gi'), '[address]');
  return new MailError(`The mail was not sent. ${words}`, { retryable: !isFinal(error) });
}

/** The server has said of this mail that it never takes it. What it says of the sign-in can be mended by an operator meanwhile. */
function isFinal(error: unknown): boolean {
  const { code, responseCode = 0 } = error as { readonly code?: unknown; readonly responseCode?: number };
  return responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
}

/** A password goes over TLS, unless the server is on this machine. */
function mustBeSecret(url: string): boolean {
  const { username, hostname } = URL.parse(url) ?? { username: 'unknown', hostname: '' };
  return username !== '' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
