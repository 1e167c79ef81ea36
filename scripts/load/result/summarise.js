// The end of a load test: a table for people, JSON for programs, JUnit for CI.
import { junitOf } from './junit.js';
import { counts, durations } from './metrics.js';
import { tableOf } from './table.js';

/**
 * @typedef {object} Check
 * @property {string} name What was demanded, as `metric: condition`.
 * @property {boolean} passed
 * @property {string} value What it was.
 */

/** @typedef {{ median: number, p95: number, p99: number, max: number, count: number }} Times */

/**
 * @typedef {object} Summary
 * @property {string} test
 * @property {string} url
 * @property {boolean} passed
 * @property {number} people
 * @property {number} seconds
 * @property {string} endedAt
 * @property {Record<keyof typeof counts, number>} counts
 * @property {Record<keyof typeof durations, Times | null>} milliseconds `null` where nothing was measured.
 * @property {readonly Check[]} checks
 */

/** @typedef {{ metrics: Record<string, { type: string, values: Record<string, number>, thresholds?: Record<string, { ok: boolean }> }>, state: { testRunDurationMs: number } }} K6Data */

/**
 * @param {K6Data} data
 * @param {import('../settings.js').Settings} settings
 * @returns {Record<string, string>} What k6 writes, by file.
 */
export function summarise(data, settings) {
  const summary = summaryOf(data, settings);
  const folder = __ENV['LOAD_OUT'];
  return {
    stdout: tableOf(summary),
    ...(folder && {
      [`${folder}/summary.json`]: `${JSON.stringify(summary, null, 2)}\n`,
      [`${folder}/junit.xml`]: junitOf(summary),
    }),
  };
}

/**
 * @param {K6Data} data
 * @param {import('../settings.js').Settings} settings
 * @returns {Summary}
 */
function summaryOf({ metrics, state }, settings) {
  const count = (/** @type {string} */ name) => metrics[name]?.values['count'] ?? 0;
  const counted = /** @type {Summary['counts']} */ (
    Object.fromEntries(Object.entries(counts).map(([name, metric]) => [name, count(metric)]))
  );
  const checks = [...thresholdChecks(metrics), ...balances(counted)];
  return {
    test: settings.kind,
    url: settings.url,
    passed: checks.every(({ passed }) => passed),
    people: settings.people,
    seconds: Math.round(state.testRunDurationMs / 1000),
    endedAt: new Date().toISOString(),
    counts: counted,
    milliseconds: /** @type {Summary['milliseconds']} */ (
      Object.fromEntries(Object.entries(durations).map(([name, metric]) => [name, timesOf(metrics[metric]?.values)]))
    ),
    checks,
  };
}

/** @param {K6Data['metrics']} metrics */
const thresholdChecks = (metrics) =>
  Object.entries(metrics).flatMap(([metric, { values, thresholds = {} }]) =>
    Object.entries(thresholds).map(([condition, { ok }]) => {
      const value = values[/^[^<>=!]+/.exec(condition)?.[0].trim() ?? ''] ?? 0;
      return { name: `${metric}: ${condition}`, passed: ok, value: String(Math.round(value * 1000) / 1000) };
    }),
  );

/**
 * k6 knows no thresholds across metrics; without these an answer could be forgotten by the test itself, such as where
 * it was ended by force.
 * @param {Summary['counts']} counts
 * @returns {Check[]}
 */
function balances({ started, completed, failed, lost, exact, mismatches, notCompared }) {
  const [ended, compared] = [completed + failed + lost, exact + mismatches + notCompared];
  return [
    { name: 'every message has an outcome', passed: ended === started, value: `${ended} of ${started}` },
    {
      name: 'every answer is accounted for in the comparison',
      passed: compared === completed + failed,
      value: `${compared} of ${completed + failed}`,
    },
  ];
}

/**
 * @param {Record<string, number> | undefined} values
 * @returns {Times | null}
 */
function timesOf(values) {
  if (!values?.['count']) return null;
  const rounded = (/** @type {string} */ name) => Math.round((values[name] ?? 0) * 10) / 10;
  return {
    median: rounded('med'),
    p95: rounded('p(95)'),
    p99: rounded('p(99)'),
    max: rounded('max'),
    count: values['count'],
  };
}
