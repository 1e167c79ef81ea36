import type { Broadcast } from '#platform/broadcast/broadcast.ts';
import type { Logger } from '#platform/telemetry/logger.ts';
import { personChanged, sessionEnded } from './account-topics.ts';
import type { Sessions } from './sessions.ts';

interface Teller {
  readonly broadcast: Broadcast;
  readonly logger: Logger;
}

/** A session or an API key has ended. What is not heard now is learned when open streams are checked. */
export async function tellSessionEnded({ broadcast, logger }: Teller, sessionId: string): Promise<void> {
  try {
    await broadcast.publish(sessionEnded, { sessionId });
  } catch (error) {
    logger.warn('Open streams were not told that their session ended; they learn it when sessions are checked.', {
      'event.action': 'session_end',
      error,
    });
  }
}

/** A person was changed, disabled, deleted, or has another role. Call it after the store has it. */
export async function tellPersonChanged(
  { broadcast, logger, sessions }: Teller & { readonly sessions: Sessions },
  personId: string,
): Promise<void> {
  sessions.forgetPerson(personId);
  try {
    await broadcast.publish(personChanged, { personId });
  } catch (error) {
    logger.warn('The other processes were not told that a person has changed; they learn it within seconds.', {
      'event.action': 'person_change',
      'user.id': personId,
      error,
    });
  }
}
