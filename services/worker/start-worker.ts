import { AnswersUnderWay, answerRun } from '#domain/chat/answer-run.ts';
import { answerQueue, titleQueue } from '#domain/chat/chat-topics.ts';
import { writeTitle } from '#domain/chat/titles.ts';
import type { Foundation } from '#services/foundation/foundation.ts';

/** Titles are a nicety: they wait so that answers do not. */
const titleConcurrency = 4;

/** Takes jobs until the process stops; then finishes those under way within the grace period and hands the rest back. */
export function startWorker({ chat, config, lifecycle }: Foundation): void {
  const underWay = new AnswersUnderWay(chat);
  lifecycle.add('answers under way', { close: () => underWay.close() });
  const answers = chat.queue.consume(answerQueue, { concurrency: config.chat.workerConcurrency }, (job, signal) =>
    answerRun(chat, underWay, job.data, signal),
  );
  const titles = chat.queue.consume(titleQueue, { concurrency: titleConcurrency }, (job, signal) =>
    writeTitle(chat, job.data, signal),
  );
  lifecycle.add('worker', {
    drain: async (graceMs) => {
      await Promise.all([answers.drain(graceMs), titles.drain(graceMs)]);
    },
  });
}
