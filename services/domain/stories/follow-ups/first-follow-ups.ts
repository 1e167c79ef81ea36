import type { FollowUpName } from '#contract/stories.ts';
import type { PersonRecord } from '#domain/accounts/account-records.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import type { StoryPorts } from '../story-ports.ts';
import { type FollowUp, storyOrder } from '../story-records.ts';
import type { FollowUps } from './follow-up-states.ts';

/** Who is to get a mail: as the store has them, or nobody. */
export type Recipient = Pick<PersonRecord, 'email' | 'disabled' | 'deleted' | 'storyMails'> | undefined;

export const wantsMail = <P extends Recipient>(person: P): person is NonNullable<P> & { readonly email: string } =>
  person?.email !== undefined && !person.disabled && !person.deleted && person.storyMails !== false;

/**
 * What follows a story that was just told: pending, or skipped where it was not asked for or nothing here can do it. `following` and
 * `endedAt` are set with it; then `askForFollowUps` begins it.
 */
export function firstFollowUps(
  { speech, chat }: Pick<StoryPorts, 'speech' | 'chat'>,
  run: Pick<RunRecord, 'order' | 'endedAt'>,
  person: Recipient,
): FollowUps {
  return followUpsOf(run.endedAt ?? chat.clock.now(), {
    narration: speech.kind !== 'none',
    picture: true,
    mail: isMailed(run) && wantsMail(person),
    notice: true,
  });
}

/**
 * What follows where no story came of a schedule's time: a mail that says so alone, since an apology is better than silence. Set with `status`
 * and `endedAt`; then `askForFollowUps` begins it.
 */
export const apologyAlone = (
  at: number,
  wanted: boolean,
): { readonly followUps: FollowUps; readonly following: boolean } => ({
  followUps: followUpsOf(at, { narration: false, picture: false, mail: wanted, notice: false }),
  following: wanted,
});

/** Whether a schedule asked for a story, and for it by mail. */
export const isMailed = ({ order }: Pick<RunRecord, 'order'>): boolean =>
  storyOrder.parse(order).schedule?.mail === true;

function followUpsOf(at: number, wanted: Readonly<Record<FollowUpName, boolean>>): FollowUps {
  const state = (name: FollowUpName): FollowUp => ({ state: wanted[name] ? 'pending' : 'skipped', tries: 0, at });
  return { narration: state('narration'), picture: state('picture'), mail: state('mail'), notice: state('notice') };
}
