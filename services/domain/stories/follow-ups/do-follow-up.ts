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
import { type Ended, endFollowUp, stillPending } from './end-follow-up.ts';
import { dueOf, mostTries } from './follow-up-states.ts';

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
    const tried = await beginTry(ports, reopened, name, signal);
    const ended = tried && (await attempt(ports, tried, name, follow, signal));
    if (ended) await endFollowUp(ports, tried, name, ended, signal);
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

/** Counts the try, and takes it: of two jobs that read the same, one goes on. */
async function beginTry(
  ports: StoryPorts,
  story: StoryRecord,
  name: FollowUpName,
  signal: AbortSignal,
): Promise<StoryRecord | undefined> {
  const tries = story.followUps?.[name].tries ?? 0;
  if (tries >= mostTries) {
    const cause = new Error(`Its process ended in the middle of the last of ${mostTries} tries.`);
    return fail(ports, story, name, { reason: 'interrupted', cause }, signal);
  }
  const counted = `followUps.${name}.tries`;
  const condition = { ...stillPending(ports, name), [counted]: tries };
  return ports.stories.stories.update(story._id, { increment: { [counted]: 1 } }, condition);
}

async function attempt(
  ports: StoryPorts,
  story: StoryRecord,
  name: FollowUpName,
  follow: Follow,
  signal: AbortSignal,
): Promise<Ended | undefined> {
  try {
    signal.throwIfAborted();
    return await follow(ports, story, signal);
  } catch (error) {
    if (signal.aborted) {
      await giveTryBack(ports, story, name);
      throw error;
    }
    if (mayRetry(error) && (story.followUps?.[name].tries ?? 0) < mostTries) throw error;
    return fail(ports, story, name, { reason: reasonOf(error), cause: error }, signal);
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

/** Its process has to stop: whoever takes it next has as many tries as this one had. */
async function giveTryBack(ports: StoryPorts, { _id, followUps }: StoryRecord, name: FollowUpName): Promise<void> {
  const counted = `followUps.${name}.tries`;
  const condition = { ...stillPending(ports, name), [counted]: followUps?.[name].tries ?? 0 };
  try {
    await ports.stories.stories.update(_id, { increment: { [counted]: -1 } }, condition);
  } catch (error) {
    ports.chat.logger.warn('A try that was handed back stays counted.', {
      'event.action': 'follow_up',
      'lamplight.story.id': _id,
      'lamplight.follow_up.name': name,
      error,
    });
  }
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
