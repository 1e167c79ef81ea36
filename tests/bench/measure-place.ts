import type { Figure } from './figures.ts';
import type { StreamsJob, Target } from './jobs.ts';
import type { Model, Place } from './places.ts';
import { type Ran, runJob, type Watched } from './run-job.ts';

export interface Plan {
  /** How many answers at once, one measure after another. */
  readonly standaloneStreams: readonly number[];
  readonly splitStreams: readonly number[];
  /** Of the model server alone: what it, the client and the machine make of as many streams. */
  readonly directStreams: readonly number[];
  /** Answers asked for directly and through Lamplight, one at a time. */
  readonly standalonePairs: number;
  readonly splitPairs: number;
  readonly sockets: number;
  readonly coldStarts: number;
}

const tokens = 400;
const tokensPerSecond = 40;
const spreadMs = 3_000;
/** An answer to measure latency with: a tenth of a second. */
const short = { tokens: 20, tokensPerSecond: 200 };

/** More than this many streams are not asked for; as many or fewer should have a first token and gaps as quick as these. */
const targets = {
  standalone: { addedFirstMs: 3, streams: 300, cpuMicros: 60, cpuFrom: 100 },
  split: { addedFirstMs: 6, streams: 150 },
  firstMs: 30,
  gapMs: 60,
} as const;

export async function measureLatencyOf(place: Place, model: Model, pairs: number): Promise<Figure[]> {
  const direct: Target = { kind: 'model', url: model.url };
  await place.clear();
  const job = { kind: 'latency', direct, through: place.target, warmUp: 10, pairs, ...short } as const;
  const { result } = await runJob(job, place.watched);
  const of = `${place.name}, one at a time`;
  const target = targets[place.name].addedFirstMs;
  return [
    { of, name: 'first token, direct, median', value: result.directFirst.median, unit: 'ms' },
    { of, name: 'first token, median', value: result.throughFirst.median, unit: 'ms' },
    { of, name: 'first token, added, median', value: result.addedFirst.median, unit: 'ms', target },
    { of, name: 'first token, added, p99', value: result.addedFirst.p99, unit: 'ms' },
    { of, name: 'whole answer, direct, median', value: result.directWhole.median, unit: 'ms' },
    { of, name: 'whole answer, added, median', value: result.addedWhole.median, unit: 'ms' },
    { of, name: 'whole answer, added, p99', value: result.addedWhole.p99, unit: 'ms' },
  ];
}

/** Many short answers, and long ones at several times the pace, so that the code is compiled as it is after some minutes of use. */
export async function warmUp({ name, target, watched }: Place): Promise<void> {
  const quick = { kind: 'streams', target, tokensPerSecond: 100 } as const;
  // The MongoDB-wire test server would take a minute for more.
  const answers = name === 'standalone' ? 600 : 60;
  check(await runJob({ ...quick, streams: answers, tokens: 5, spreadMs: answers * 10 }, watched));
  check(await runJob({ ...quick, streams: 40, tokens: 300, spreadMs: 1_000 }, watched));
}

export async function measureStreamsOf(place: Place, streams: number): Promise<Figure[]> {
  const { name, target, watched } = place;
  await place.clear();
  const ran = check(await runJob({ kind: 'streams', target, streams, tokens, tokensPerSecond, spreadMs }, watched));
  const of = `${name}, ${streams} streams`;
  const isAsked = streams <= targets[name].streams;
  const cpuTarget =
    name === 'standalone' && streams >= targets.standalone.cpuFrom ? { target: targets.standalone.cpuMicros } : {};
  return [
    {
      of,
      name: 'first token, median',
      value: ran.result.first.median,
      unit: 'ms',
      ...(isAsked && { target: targets.firstMs }),
    },
    { of, name: 'first token, p99', value: ran.result.first.p99, unit: 'ms' },
    { of, name: 'gap, p99', value: ran.result.gap.p99, unit: 'ms', ...(isAsked && { target: targets.gapMs }) },
    { of, name: 'CPU a token, Lamplight', value: perToken(ran, streams, 'ours'), unit: 'µs', ...cpuTarget },
    ...others(of, ran, streams, watched),
    { of, name: 'peak memory, Lamplight', value: (ran.peak['ours'] ?? 0) / 1e6, unit: 'MB' },
  ];
}

/** The same load on the model server without Lamplight: how much of a figure is the load's own. */
export async function measureDirectStreams(model: Model, streams: number): Promise<Figure[]> {
  const watched: Watched = { model: model.process.pid === undefined ? [] : [model.process.pid] };
  const target: Target = { kind: 'model', url: model.url };
  const ran = check(await runJob({ kind: 'streams', target, streams, tokens, tokensPerSecond, spreadMs }, watched));
  const of = `direct, ${streams} streams`;
  return [
    { of, name: 'first token, median', value: ran.result.first.median, unit: 'ms' },
    { of, name: 'first token, p99', value: ran.result.first.p99, unit: 'ms' },
    { of, name: 'gap, p99', value: ran.result.gap.p99, unit: 'ms' },
    ...others(of, ran, streams, watched),
  ];
}

const names: Readonly<Record<string, string>> = {
  model: 'model server',
  redis: 'Redis',
  mongodb: 'MongoDB-wire server',
  client: 'load client',
};

/** The CPU of all that is not ours, so that a reader can see who is short of it. */
const others = (of: string, ran: Ran<StreamsJob>, streams: number, watched: Watched): Figure[] => [
  ...Object.keys({ ...watched, client: [] })
    .filter((group) => group !== 'ours' && (group === 'client' || (watched[group]?.length ?? 0) > 0))
    .map((group) => ({
      of,
      name: `CPU a token, ${names[group] ?? group}`,
      value: perToken(ran, streams, group),
      unit: 'µs',
    })),
  {
    of,
    name: 'cores in use, all together',
    value: Object.values(ran.cpu).reduce((sum, seconds) => sum + seconds, 0) / ran.seconds,
    unit: '',
  },
];

const perToken = (ran: Ran<StreamsJob>, streams: number, group: string): number =>
  ((ran.cpu[group] ?? 0) * 1e6) / (streams * tokens);

function check(ran: Ran<StreamsJob>): Ran<StreamsJob> {
  const { wrong } = ran.result;
  if (wrong.length > 0) throw new Error(`${wrong.length} answers are not exact:\n${wrong.slice(0, 5).join('\n')}`);
  return ran;
}
