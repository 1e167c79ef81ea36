import type { Notice } from '#contract/socket.ts';
import type { RunPorts } from './run-ports.ts';
import { personNotice } from './run-topics.ts';

/** Tells a person's open pages, at best effort: what they miss they find in the store. */
export async function tellPerson(
  { broadcast, logger }: Pick<RunPorts, 'broadcast' | 'logger'>,
  ownerId: string,
  notice: Notice,
): Promise<void> {
  try {
    await broadcast.publish(personNotice, { ownerId, notice });
  } catch (error) {
    logger.warn('Open pages were not told of a change.', { 'event.action': 'notice', error });
  }
}
