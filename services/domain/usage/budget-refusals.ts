import { inWords } from '#domain/limits/rate-limit.ts';
import { AppError } from '#platform/errors.ts';

interface Spent {
  readonly wanted: number;
  readonly left: number;
  readonly budget: number;
  readonly msToReset: number;
}

const count = (tokens: number): string => tokens.toLocaleString('en-US');

/** Says what is left and when there is more; `retryAfter` is when the person's next day begins. */
export function budgetSpent({ wanted, left, budget, msToReset }: Spent): AppError {
  const message =
    wanted > budget
      ? `This answer may take ${count(wanted)} tokens, and you have ${count(budget)} a day. Shorten the message, begin a new conversation, or ask an administrator for more.`
      : `You have ${count(left)} of ${count(budget)} tokens left today, and this answer may take ${count(wanted)}. There is more at midnight (in ${inWords(msToReset)}).`;
  return new AppError('budget_spent', message, { retryAfter: Math.max(1, Math.ceil(msToReset / 1_000)) });
}

/** Answers take seconds: a repeat may succeed soon. */
const retryAfter = 5;

export const tooManyAnswers = (running: number): AppError =>
  new AppError(
    'too_many_answers',
    `You have ${running} ${running === 1 ? 'answer' : 'answers'} under way, as many as allowed. Wait for one, or stop it.`,
    { retryAfter },
  );
