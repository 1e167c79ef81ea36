import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import type { SMTPServerSession } from 'smtp-server';
import { type MailServer, startMailServer } from '#platform/mail/mail-server.fixture.ts';
import type { Connection } from '#tests/servers/connection.ts';

/** A mail as the server had it, whole. */
export interface Copy {
  readonly storyId: string;
  readonly messageId: string;
  readonly to: readonly string[];
  readonly at: number;
  readonly pid: number;
  /** The server said that it took it: a delivery. */
  readonly answered: boolean;
}

/** What becomes of a mail that the server has whole. `afterAnswer` comes in the same turn as the answer. */
export interface Fate {
  readonly pid: number;
  readonly take: boolean;
  readonly afterAnswer?: () => void;
}

/** An SMTP server that keeps each copy of each mail, and that asks what is to become of it. */
export async function startMails(
  decide: (connection: Connection) => Promise<Fate>,
): Promise<MailServer & { copies: readonly Copy[] }> {
  const copies: Copy[] = [];
  const take = async (data: Buffer, session: SMTPServerSession, done: (error?: Error) => void) => {
    const { messageId = '' } = await PostalMime.parse(data);
    const { pid, take: answered, afterAnswer } = await decide(session);
    const to = session.envelope.rcptTo.map(({ address }) => address);
    copies.push({ storyId: storyOf(messageId), messageId, to, at: Date.now(), pid, answered });
    try {
      done(answered ? undefined : new Error('Nobody waits for the answer.'));
    } finally {
      afterAnswer?.();
    }
  };
  const server = await startMailServer({
    onData: (stream, session, done) => {
      buffer(stream)
        .then((data) => take(data, session, done))
        .catch(done);
    },
  });
  return { ...server, copies };
}

const storyOf = (messageId: string): string => /^<(?:story|apology)-(.+)@/.exec(messageId)?.[1] ?? '';
