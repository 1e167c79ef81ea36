import { type FollowUpName, followUpNames } from '#contract/stories.ts';
import type { StoryRecord } from '../story-records.ts';

export type FollowUps = NonNullable<StoryRecord['followUps']>;

/**
 * Each is tried so often; a try whose process died counts, one that was handed back does not. A mail's ten are some 40 minutes: its server may
 * be away as long.
 */
export const mostTries: Readonly<Record<FollowUpName, number>> = { narration: 5, picture: 5, mail: 10, notice: 5 };
/** A mail waits so long for its picture; then it goes without. */
const pictureWaitMs = 3 * 60_000;

export const pendingOf = (followUps: FollowUps | undefined): FollowUpName[] =>
  followUps ? followUpNames.filter((name) => followUps[name].state === 'pending') : [];

/** Of those pending, what may be begun by now: not what somebody has; and a mail waits for the picture that it shows. */
export const dueOf = (followUps: FollowUps | undefined, now: number): FollowUpName[] =>
  pendingOf(followUps).filter((name) => {
    if ((followUps?.[name].leaseUntil ?? 0) > now) return false;
    const waits = name === 'mail' && followUps?.picture.state === 'pending';
    return !waits || now - followUps.mail.at >= pictureWaitMs;
  });
