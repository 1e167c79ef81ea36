import { mailQueue } from '#domain/accounts/links.ts';
import { sendMail } from '#domain/accounts/send-mail.ts';
import { answerQueue, titleQueue } from '#domain/chat/chat-topics.ts';
import { writeTitle } from '#domain/chat/titles.ts';
import { attemptRun } from '#domain/runs/attempt-run.ts';
import { RunsUnderWay } from '#domain/runs/runs-under-way.ts';
import { beginDueStory } from '#domain/schedules/begin-due-story.ts';
import { dueStoryQueue, storyQueue } from '#domain/stories/story-topics.ts';
import type { Foundation } from '#services/foundation/foundation.ts';
import { consumeFollowUps } from './consume-follow-ups.ts';

/** Titles are a nicety: they wait so that answers do not. */
const titleConcurrency = 4;
/** As many as the mail server is asked to take from one process at a time. */
const mailConcurrency = 2;

/** Takes jobs until the process stops; then finishes those under way within the grace period and hands the rest back. */
export function startWorker(foundation: Foundation): void {
  const { accounts, chat, config, lifecycle, mail } = foundation;
  sayWhatMakesStories(foundation);
  const underWay = new RunsUnderWay(chat);
  lifecycle.add('answers under way', { close: () => underWay.close() });
  const answers = chat.queue.consume(answerQueue, { concurrency: config.chat.workerConcurrency }, (job, signal) =>
    attemptRun(chat, underWay, job.data, signal),
  );
  const stories = chat.queue.consume(storyQueue, { concurrency: config.stories.concurrency }, (job, signal) =>
    attemptRun(chat, underWay, job.data, signal),
  );
  const dueStories = chat.queue.consume(dueStoryQueue, { concurrency: config.stories.concurrency }, (job, signal) =>
    beginDueStory(foundation.stories, job.data, signal),
  );
  const titles = chat.queue.consume(titleQueue, { concurrency: titleConcurrency }, (job, signal) =>
    writeTitle(chat, job.data, signal),
  );
  const mails = chat.queue.consume(mailQueue, { concurrency: mailConcurrency }, (job, signal) =>
    sendMail(accounts, mail, job.data, signal),
  );
  const followUps = consumeFollowUps(foundation);
  lifecycle.add('worker', {
    drain: async (graceMs) => {
      // What waits for a place goes back at once: another process waits as well.
      underWay.leave();
      await Promise.all([
        dueStories.drain(0),
        answers.drain(graceMs),
        stories.drain(graceMs),
        titles.drain(graceMs),
        mails.drain(graceMs),
        ...followUps.map((each) => each.drain(graceMs)),
      ]);
    },
  });
}

/** What the settings leave open was found out: an operator sees what it came to. */
function sayWhatMakesStories({ stories: { moderation, speech, images }, telemetry }: Foundation): void {
  const { logger } = telemetry;
  logger.info(`Of stories: judged by ${moderation.kind}, read aloud by ${speech.kind}, pictures by ${images.kind}.`, {
    'event.action': 'ready',
  });
}
