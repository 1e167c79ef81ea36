import type { JobData } from '#contract/jobs.ts';
import type { FollowUpName } from '#contract/stories.ts';
import { inTraceOf } from '#domain/runs/run-trace.ts';
import { AppError } from '#platform/errors.ts';
import { ImageError } from '#platform/images/images.ts';
import { MailError } from '#platform/mail/mail.ts';
import { GivenUp, type Job } from '#platform/queue/queue.ts';
import { SpeechError } from '#platform/speech/speech.ts';
import type { StoryPorts } from '../story-ports.ts';
import type { StoryRecord } from '../story-records.ts';
import { type Ended, endFollowUp } from './end-follow-up.ts';
import { dueOf, mostTries } from './follow-up-states.ts';
import { HeldTry, takeTry } from './held-try.ts';

/**
 * Does what follows a story, once; throws where it could not be done, or where `signal` aborts. Undefined: somebody else has it now. `story`
 * is as it was when the try was counted.
 */
export type Follow = (ports: StoryPorts, story: StoryRecord, signal: AbortSignal) => Promise<Ended | undefined>;

/** One try at something that follows a story. Whatever is repeated here, by whomever, happens once to the story. */
export async function doFollowUp(
  ports: StoryPorts,
  name: FollowUpName,
  follow: Follow,
  job: Pick<Job<JobData<'narration'>>, 'data' | 'attempt' | 'addedAt'>,
  signal: AbortSignal,
): Promise<void> {
  const story = await ports.stories.stories.get(job.data.storyId);
  if (!story?.followUps || story.deleted) return;
  await inTraceOf(story, async () => {
    const reopened = story.followUps?.[name].state === 'failed' ? await reopen(ports, story, name, job) : story;
    if (!reopened || !dueOf(reopened.followUps, ports.chat.clock.now()).includes(name)) return;
    await tryOnce(ports, reopened, name, follow, signal);
  });
}

/**
 * An operator who puts a dead letter back wants it tried anew, with all its tries. Any other job of what has failed stays a dead letter:
 * it was added once more when that was not known, or its process died before the queue had heard.
 */
async function reopen(
  { stories, chat }: StoryPorts,
  { _id, followUps }: StoryRecord,
  name: FollowUpName,
  { attempt, addedAt }: Pick<Job<unknown>, 'attempt' | 'addedAt'>,
): Promise<StoryRecord | undefined> {
  const { at = 0, reason = '' } = followUps?.[name] ?? {};
  if (attempt > 1 || addedAt >= at) throw new GivenUp(`It has failed before: ${reason}`);
  const path = `followUps.${name}`;
  const set = { [`${path}.state`]: 'pending', [`${path}.tries`]: 0, [`${path}.at`]: chat.clock.now(), following: true };
  const change = { set, unset: [`${path}.reason`] };
  return stories.stories.update(_id, change, { [`${path}.state`]: 'failed', [`${path}.at`]: at, deleted: false });
}

async function tryOnce(
  ports: StoryPorts,
  story: StoryRecord,
  name: FollowUpName,
  follow: Follow,
  signal: AbortSignal,
): Promise<void> {
  const tried = await takeTry(ports, story, name, signal);
  if (!tried) return;
  const held = new HeldTry(ports, tried, name);
  try {
    if ((story.followUps?.[name].tries ?? 0) >= mostTries[name]) {
      const cause = new Error(`Its process ended in the middle of the last of ${mostTries[name]} tries.`);
      await fail(ports, tried, name, { reason: 'interrupted', cause }, signal);
      return;
    }
    const ended = await attempt(ports, held, name, follow, signal);
    if (ended) await endFollowUp(ports, tried, name, ended, signal);
  } finally {
    await held.stop();
  }
}

async function attempt(
  ports: StoryPorts,
  held: HeldTry,
  name: FollowUpName,
  follow: Follow,
  signal: AbortSignal,
): Promise<Ended | undefined> {
  const { story } = held;
  try {
    signal.throwIfAborted();
    return await follow(ports, story, AbortSignal.any([signal, held.lost]));
  } catch (error) {
    if (signal.aborted) {
      // Its process has to stop.
      await held.giveUp({ counted: false });
      throw error;
    }
    if (held.lost.aborted) return undefined;
    if (!mayRetry(error) || (story.followUps?.[name].tries ?? 0) >= mostTries[name])
      return fail(ports, story, name, { reason: reasonOf(error), cause: error }, signal);
    await held.giveUp({ counted: true });
    throw error;
  }
}

/** Ends it as failed and throws, so that the queue keeps its job as a dead letter; not where another has ended it meanwhile. */
async function fail(
  ports: StoryPorts,
  story: StoryRecord,
  name: FollowUpName,
  { reason, cause }: { readonly reason: string; readonly cause: unknown },
  signal: AbortSignal,
): Promise<undefined> {
  if (!(await endFollowUp(ports, story, name, { state: 'failed', reason }, signal))) return;
  throw new GivenUp(cause instanceof Error ? cause.message : String(cause), { cause });
}

const isOfProvider = (error: unknown): error is SpeechError | ImageError | MailError =>
  error instanceof SpeechError || error instanceof ImageError || error instanceof MailError;

function mayRetry(error: unknown): boolean {
  if (isOfProvider(error)) return error.retryable;
  // A message that is none, a blob that is too large: they are the same the next time.
  return !(error instanceof TypeError) && !(error instanceof AppError && error.code === 'payload_too_large');
}

function reasonOf(error: unknown): string {
  if (isOfProvider(error)) return error.retryable ? 'unavailable' : 'refused';
  return error instanceof AppError ? error.code : 'internal';
}
