import { inspect } from 'node:util';

const longestMessage = 8_000;
const longestStack = 32_000;
const mostCauses = 5;

export const shorten = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length - longest} characters more)`;

/**
 * The ECS fields of something thrown. Only its class, message, stack, `code` and causes are taken: what else libraries hang
 * on their errors (requests with their headers, documents) is not for a log.
 */
export function renderError(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) {
    return { 'error.type': typeof error, 'error.message': shorten(inspect(error, { depth: 2 }), longestMessage) };
  }
  const code = codeOf(error);
  return {
    'error.type': String(error.name || 'Error'),
    'error.message': shorten(String(error.message), longestMessage),
    'error.stack_trace': shorten(stackWithCauses(error), longestStack),
    ...(code !== undefined && { 'error.code': code }),
  };
}

/** `code` of AppError, ModelError and the errors of Node and its drivers. */
function codeOf(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined;
}

function stackWithCauses(error: Error): string {
  const lines: string[] = [];
  const seen = new Set<unknown>();
  const add = (label: string, current: unknown) => {
    if (seen.has(current) || seen.size > mostCauses) return;
    seen.add(current);
    lines.push(label + (current instanceof Error ? current.stack || `${current}` : inspect(current, { depth: 1 })));
    if (current instanceof AggregateError) for (const each of current.errors) add('One of: ', each);
    if (current instanceof Error && current.cause !== undefined) add('Caused by: ', current.cause);
  };
  add('', error);
  return lines.join('\n');
}
