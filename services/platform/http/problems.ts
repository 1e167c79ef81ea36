import type { z } from 'zod';
import { AppError } from '#platform/errors.ts';

export interface Problem {
  /** Dotted: `items.0.name`; empty where the whole is wrong. */
  readonly path: string;
  readonly message: string;
}

/** What is wrong with a value by its schema, in the form of an error's `details`. */
export const problemsOf = (error: z.ZodError): Problem[] =>
  error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));

const shown = 3;
/** A body may be wrong in a million places; its sender has no use for a reply of that size. */
const listed = 100;

/** `invalid_request` with the problems in its `details` and the first few in its words. */
export function invalidRequest(problems: readonly Problem[], what = 'request'): AppError {
  const words = problems.slice(0, shown).map(({ path, message }) => (path ? `${path}: ${message}` : message));
  const more = problems.length > shown ? `; and ${problems.length - shown} more` : '';
  return new AppError('invalid_request', `This ${what} is not right. ${words.join('; ')}${more}`, {
    details: problems.slice(0, listed),
  });
}
