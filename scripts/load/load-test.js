// What the load tests have in common: seats, and who sits on them when. Each of k6's VUs is a seat that people take in turn.
import exec from 'k6/execution';
import http from 'k6/http';
import { GaveUp } from './client/session.js';
import { visit } from './client/visit.js';
import { about, wait } from './client/waiting.js';
import { scriptErrors } from './result/metrics.js';
import { thresholdsOf } from './result/thresholds.js';
import { kinds, optionNames, readSettings, shareAt, variableOf } from './settings.js';

const lookEveryMs = 1_000;
/** Within so long of the start, seats are taken one after another. */
const arrivalMs = 5_000;

/** How long a server may take to be there at the start. */
const answeringMs = 10_000;

/** What an answer, its comparison and the tries to reach a server may take beyond the end, in milliseconds. */
const closingMs = 5 * 60_000;

/**
 * @param {string} kind
 */
export function loadTest(kind) {
  const given = Object.fromEntries(
    [...optionNames, 'scripted'].map((name) => [name, __ENV[variableOf(name)] || undefined]),
  );
  const settings = readSettings(kind, given);
  const curve = kinds[kind]?.curve ?? [];
  const longestMs = settings.duration + settings['answer-limit'] * 2 + closingMs;
  return {
    settings,
    /** @type {import('k6/options').Options} */
    options: {
      scenarios: {
        people: {
          executor: 'per-vu-iterations',
          vus: settings.people,
          iterations: 1,
          maxDuration: `${Math.ceil(longestMs / 1000)}s`,
          gracefulStop: '0s',
        },
      },
      thresholds: thresholdsOf(settings),
      hosts: JSON.parse(__ENV['LOAD_HOSTS'] || '{}'),
      summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max', 'count'],
      // As browsers, which notice soon that a name leads elsewhere.
      dns: { ttl: '5s', select: 'roundRobin', policy: 'any' },
      userAgent: 'lamplight-load-test',
    },
    /** Fails at once where nobody is at the address, instead of after all that people are ready to wait. */
    setup: async () => {
      let error = '';
      for (const until = Date.now() + answeringMs; Date.now() < until; await wait(lookEveryMs)) {
        const reply = await http.asyncRequest('GET', `${settings.url}/health`, null, { timeout: 5_000 });
        if (reply.status !== 0) return;
        error = reply.error;
        if (isTlsError(reply.error_code)) break;
      }
      throw new Error(`Nobody answers at ${settings.url}: ${error}`);
    },
    /** One seat, from the beginning of the test to its end. */
    seat: async () => {
      const seat = exec.vu.idInTest - 1;
      const start = exec.scenario.startTime;
      const isOver = async () => Date.now() >= start + settings.duration || (await isCalledOff());
      const isTaken = () =>
        seat < Math.max(1, Math.round(shareAt(curve, (Date.now() - start) / settings.duration) * settings.people));
      await wait((Math.min(arrivalMs, settings.duration / 4) * seat) / settings.people);
      for (let number = 0; !(await isOver()); ) {
        if (!isTaken()) {
          await wait(about(lookEveryMs));
          continue;
        }
        await sit(settings, seat, number, async () => isTaken() && !(await isOver()));
        number += 1;
      }
    },
  };
}

/**
 * @param {import('./settings.js').Settings} settings
 * @param {number} seat
 * @param {number} number The how-manieth visit of this seat.
 * @param {() => Promise<boolean>} stays
 */
async function sit(settings, seat, number, stays) {
  // Spread evenly instead of drawn, so that a short run has some of each too.
  const every = (/** @type {number} */ percent, /** @type {number} */ count) =>
    Math.floor(((count + 1) * percent) / 100) > Math.floor((count * percent) / 100);
  const sse = every(settings.sse, seat + number);
  try {
    await visit(settings, {
      name: `Guest ${seat}-${number}`,
      sse,
      cuts: (turn) => every(settings.cuts, seat + number * settings.turns + turn),
      stays,
    });
  } catch (error) {
    if (!(error instanceof GaveUp)) scriptErrors.add(1);
    console.error(
      error instanceof GaveUp ? `nobody could sign in: ${error.message}` : `script error: ${describe(error)}`,
    );
    await wait(lookEveryMs);
  }
}

const describe = (/** @type {unknown} */ error) =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/** https://grafana.com/docs/k6/latest/javascript-api/error-codes/ @param {number} code */
const isTlsError = (code) => code >= 1300 && code < 1400;

/** Whether whoever started the test wants it to end: `npm run load` says so on a signal, at this address. */
async function isCalledOff() {
  const address = __ENV['LOAD_CONTROL'];
  if (!address) return false;
  const reply = await http.asyncRequest('GET', address, null, { timeout: 5_000, tags: { name: 'control' } });
  return reply.status !== 200 || reply.body !== 'go';
}
