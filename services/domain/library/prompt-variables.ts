import { AppError } from '#platform/errors.ts';

export const maxVariables = 20;
/** Of a filled text, in UTF-16 units: a variable may stand in it many times. */
const maxFilled = 10_000;

/** `{{name}}`: letters, digits, marks, `_`, `-`, `'` and inner spaces, at most 60; around it may be spaces. What fits no name is plain text. */
const placeholder = /\{\{[ \t]*([\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_'’ -]{0,58}[\p{L}\p{N}\p{M}_])?)[ \t]*\}\}/gu;

/** One name may be written in several ways that look the same (Unicode, section 3.11). */
const sameName = (name: string): string => name.normalize('NFC');

/** The variables of a prompt, in the order in which they come first. */
export const variablesOf = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(placeholder)].map(([, name = '']) => sameName(name))),
];

/** Throws `invalid_request` where a prompt has more variables than a form should. */
export function checkVariables(text: string): void {
  const { length } = variablesOf(text);
  if (length <= maxVariables) return;
  const message = `A prompt has at most ${maxVariables} variables; this one has ${length}.`;
  throw new AppError('invalid_request', message, { details: [{ path: 'text', message }] });
}

/**
 * The text with its variables filled in, once: what a value brings stays as it is. Values of other names are ignored. Throws
 * `invalid_request` that names each variable without a value, and where the whole becomes too long.
 */
export function fillText(text: string, values: Readonly<Record<string, string>>): string {
  const given = new Map(Object.entries(values).map(([name, value]) => [sameName(name.trim()), value]));
  const missing = variablesOf(text).filter((name) => !given.get(name)?.trim());
  if (missing.length > 0) {
    const details = missing.map((name) => ({ path: `values.${name}`, message: 'This is to be filled in.' }));
    throw new AppError('invalid_request', `The prompt needs: ${missing.join(', ')}.`, { details });
  }
  const filled = text.replace(placeholder, (_, name: string) => given.get(sameName(name)) ?? '');
  if (filled.length <= maxFilled) return filled;
  throw new AppError('invalid_request', `The prompt is longer than ${maxFilled} characters once it is filled in.`);
}
