// The summary as people read it.

/** @typedef {import('./summarise.js').Summary} Summary */
/** @typedef {import('./summarise.js').Times} Times */

/** @type {readonly (readonly [keyof Summary['counts'], string])[]} */
const countLabels = [
  ['visits', 'visits'],
  ['started', 'messages sent'],
  ['completed', 'answers completed'],
  ['exact', 'answers exact'],
  ['mismatches', 'answers that differ'],
  ['failed', 'answers failed'],
  ['lost', 'answers lost'],
  ['notCompared', 'answers not compared'],
  ['duplicates', 'answers too many'],
  ['cuts', 'connections cut on purpose'],
  ['reconnects', 'connections lost otherwise'],
  ['resumed', 'resumed at their position'],
  ['repeats', 'messages sent again'],
  ['askedToWait', '503 with Retry-After'],
  ['serverErrors', 'other 5xx'],
  ['rateLimited', '429'],
  ['refused', 'other refusals'],
  ['signedOut', 'people signed out'],
  ['scriptErrors', 'errors of the test itself'],
];

/** @type {readonly (readonly [keyof Summary['milliseconds'], string])[]} */
const timeLabels = [
  ['firstToken', 'first token (WebSocket)'],
  ['firstByte', 'first byte (SSE)'],
  ['gap', 'gap between pieces'],
  ['answer', 'whole answer'],
  ['interruption', 'interruption'],
  ['lists', 'lists'],
];

const [labelWidth, width] = [28, 9];
const right = (/** @type {string | number} */ value) => String(value).padStart(width);

/** @param {Summary} summary */
export function tableOf(summary) {
  const { test, url, people, seconds, counts, milliseconds, checks, passed } = summary;
  const failed = checks.filter((check) => !check.passed);
  return `${[
    '',
    `Load test ${test}: up to ${people} people for ${seconds} s at ${url}`,
    '',
    ...countLabels.map(([name, label]) => `  ${label.padEnd(labelWidth)}${right(counts[name])}`),
    '',
    `  ${'milliseconds'.padEnd(labelWidth)}${['median', 'p95', 'p99', 'max', 'count'].map(right).join('')}`,
    ...timeLabels.map(([name, label]) => `  ${label.padEnd(labelWidth)}${timesLine(milliseconds[name])}`),
    '',
    ...failed.map(({ name, value }) => `  FAILED  ${name}; it was ${value}`),
    passed ? `  PASSED  all ${checks.length} checks` : `  ${failed.length} of ${checks.length} checks failed`,
  ].join('\n')}\n`;
}

/** @param {Times | null} times */
function timesLine(times) {
  if (!times) return right('-');
  const { median, p95, p99, max, count } = times;
  return [...[median, p95, p99, max].map((ms) => (ms < 10 ? ms.toFixed(1) : Math.round(ms))), count]
    .map(right)
    .join('');
}
