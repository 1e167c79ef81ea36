// The load tests and their options. Read by k6 and by Node, so it imports nothing and needs neither.

/**
 * How many people there are, as a line through points: [share of the time, share of the people].
 * @typedef {readonly (readonly [time: number, people: number])[]} Curve
 */

/**
 * @typedef {object} Kind
 * @property {string} says
 * @property {Curve} curve
 * @property {Readonly<Record<string, string>>} initial Options where nothing is said.
 */

/** @type {Curve} */
export const steady = [
  [0, 1],
  [1, 1],
];

/** @type {Readonly<Record<string, Kind>>} */
export const kinds = {
  smoke: {
    says: 'does everything work at all: a few people, half a minute',
    curve: steady,
    initial: { people: '6', duration: '30s', think: '500ms' },
  },
  average: {
    says: 'an ordinary hour in short: people come, stay and go',
    curve: [
      [0, 0.1],
      [0.2, 1],
      [0.8, 1],
      [1, 0.1],
    ],
    initial: { people: '60', duration: '5m' },
  },
  stress: {
    says: 'more and more people, in four steps: where does it become slow',
    curve: [
      [0, 0.25],
      [0.25, 0.25],
      [0.26, 0.5],
      [0.5, 0.5],
      [0.51, 0.75],
      [0.75, 0.75],
      [0.76, 1],
      [1, 1],
    ],
    initial: { people: '200', duration: '10m', think: '1s', 'first-token-p95': '5000', 'gap-p95': '2000' },
  },
  soak: {
    says: 'the same load for hours: does anything grow or wear out',
    curve: steady,
    initial: { people: '40', duration: '4h' },
  },
  spike: {
    says: 'everybody comes at once, and goes again',
    curve: [
      [0, 0.1],
      [0.3, 0.1],
      [0.32, 1],
      [0.6, 1],
      [0.62, 0.1],
      [1, 0.1],
    ],
    initial: { people: '150', duration: '5m', 'first-token-p95': '5000', 'gap-p95': '2000' },
  },
};

/** What a run with `--until-signal` lasts where no signal comes, in seconds: k6 wants to know a longest time. */
export const longestSeconds = 7 * 24 * 3600;

const unitMs = /** @type {const} */ ({ ms: 1, s: 1000, m: 60_000, h: 3_600_000 });

/** @param {string} text */
function readMs(text) {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  if (!match) throw new Error('is a time such as 500ms, 30s, 5m or 2h');
  return Number(match[1]) * unitMs[/** @type {keyof typeof unitMs} */ (match[2])];
}

/**
 * @param {number} least
 * @param {number} most
 */
const number = (least, most) => (/** @type {string} */ text) => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most)) throw new Error(`is a number from ${least} to ${most}`);
  return value;
};

/**
 * @param {number} least
 * @param {number} most
 */
const whole = (least, most) => (/** @type {string} */ text) => {
  const value = number(least, most)(text);
  if (!Number.isInteger(value)) throw new Error('is a whole number');
  return value;
};

const percent = number(0, 100);
const milliseconds = number(1, 600_000);

/** @param {string} text */
function readUrl(text) {
  if (!/^https?:\/\/[^\s/?#@]+\/?$/.test(text)) throw new Error('is an address such as https://chat.example.org');
  return text.replace(/\/$/, '');
}

/** Each with its value where neither the caller nor the test names one. */
export const options = /** @type {const} */ ({
  url: { takes: 'URL', initial: 'http://127.0.0.1:3000', read: readUrl, says: 'the Lamplight to put under load' },
  people: { takes: 'N', initial: '6', read: whole(1, 10_000), says: 'people at the same time, at most' },
  duration: {
    takes: 'TIME',
    initial: '1m',
    read: readMs,
    says: 'when nobody begins anything new; open answers are read to their end',
  },
  think: { takes: 'TIME', initial: '4s', read: readMs, says: 'between an answer and the next message, on average' },
  turns: { takes: 'N', initial: '4', read: whole(1, 1000), says: 'messages of one visit; then somebody else comes' },
  sse: {
    takes: 'PERCENT',
    initial: '40',
    read: percent,
    says: 'visits that read by server-sent events, the others by WebSocket',
  },
  cuts: {
    takes: 'PERCENT',
    initial: '25',
    read: percent,
    says: 'answers whose reader loses its connection on purpose',
  },
  lists: { takes: 'PERCENT', initial: '30', read: percent, says: 'turns after which somebody looks through the lists' },
  tokens: { takes: 'N', initial: '120', read: whole(1, 20_000), says: 'length of an answer, with --scripted' },
  pace: { takes: 'N', initial: '60', read: number(0, 10_000), says: 'tokens a second of an answer, with --scripted' },
  'answer-limit': {
    takes: 'TIME',
    initial: '180s',
    read: readMs,
    says: 'an answer without an end after so long is lost',
  },
  'first-token-p95': {
    takes: 'MS',
    initial: '3000',
    read: milliseconds,
    says: 'limit: from a message to the first piece of its answer (WebSocket)',
  },
  'first-byte-p95': {
    takes: 'MS',
    initial: '2000',
    read: milliseconds,
    says: 'limit: from a message to the first byte of the reply (SSE)',
  },
  'gap-p95': {
    takes: 'MS',
    initial: '1000',
    read: milliseconds,
    says: 'limit: between two pieces of an answer (WebSocket)',
  },
  completed: {
    takes: 'PERCENT',
    initial: '100',
    read: percent,
    says: 'limit: answers that came to their end, at least',
  },
  resumed: {
    takes: 'N',
    initial: '1',
    read: whole(0, 1_000_000),
    says: 'limit: times that a cut answer was picked up again, at least',
  },
});

/** @typedef {keyof typeof options} OptionName */
/** @typedef {{ readonly [Name in OptionName]: ReturnType<(typeof options)[Name]['read']> } & { readonly kind: string, readonly scripted: boolean }} Settings */

/** @type {readonly OptionName[]} */
export const optionNames = /** @type {OptionName[]} */ (Object.keys(options));

/** The variable that carries an option to k6. @param {string} option */
export const variableOf = (option) => `LOAD_${option.toUpperCase().replaceAll('-', '_')}`;

/**
 * @param {string} kind
 * @param {Readonly<Record<string, string | undefined>>} given
 * @returns {Settings}
 * @throws {Error} that lists every mistake, a line each
 */
export function readSettings(kind, given) {
  const known = kinds[kind];
  if (!known) throw new Error(`There is no test ${kind}; there are ${Object.keys(kinds).join(', ')}.`);
  /** @type {string[]} */
  const mistakes = [];
  /** @type {Record<string, unknown>} */
  const settings = { kind, scripted: given['scripted'] === 'true' };
  for (const name of optionNames) {
    const text = given[name] ?? known.initial[name] ?? options[name].initial;
    try {
      settings[name] = options[name].read(text);
    } catch (error) {
      mistakes.push(`--${name} ${error instanceof Error ? error.message : error}; it is ${JSON.stringify(text)}.`);
    }
  }
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return /** @type {Settings} */ (settings);
}

/**
 * How many of the people are there, as a share.
 * @param {Curve} curve
 * @param {number} time Share of the duration.
 */
export function shareAt(curve, time) {
  let [fromTime, fromPeople] = curve[0] ?? [0, 1];
  for (const [toTime, toPeople] of curve) {
    if (time < toTime) return fromPeople + ((toPeople - fromPeople) * (time - fromTime)) / (toTime - fromTime);
    [fromTime, fromPeople] = [toTime, toPeople];
  }
  return fromPeople;
}
