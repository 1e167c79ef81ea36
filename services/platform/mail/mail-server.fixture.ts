import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface MailServer {
  readonly port: number;
  readonly received: Email[];
  /** The recipients of each, as the envelope has them. */
  readonly recipients: string[][];
  /** Breaks every connection off, without a word. */
  drop(): void;
  close(): Promise<void>;
}

/** An SMTP server that keeps what it gets. `beforeAnswer` comes between that and the answer that says so. */
export async function startMailServer(
  options: SMTPServerOptions = {},
  beforeAnswer: (email: Email) => void | Promise<void> = () => {},
  port = 0,
): Promise<MailServer> {
  const received: Email[] = [];
  const recipients: string[][] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, session, done) => {
      const keep = async () => {
        const email = await PostalMime.parse(await buffer(stream));
        received.push(email);
        recipients.push(session.envelope.rcptTo.map(({ address }) => address));
        await beforeAnswer(email);
      };
      keep().then(() => done(), done);
    },
    ...options,
  });
  // Clients that break off, and that do not like the certificate: what they see of it is what tests ask about.
  server.on('error', () => {});
  const listening = server.listen(port, '127.0.0.1');
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    received,
    recipients,
    drop: () => {
      for (const { _socket } of server.connections) _socket.destroy();
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
