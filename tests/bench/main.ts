/**
 * Measures Lamplight beside direct calls to the same model server: `npm run bench -- [--short] [--json FILE] [--strict]`.
 * docs/benchmark.md says what each figure means. `--only latency,streams,sockets,start` measures a part, `--place` one size.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { type ColdStart, coldStart } from './cold-start.ts';
import { type Figure, isMissed, tableOf } from './figures.ts';
import { measureIdleSockets } from './idle-sockets.ts';
import { timesOf } from './jobs.ts';
import { measureDirectStreams, measureLatencyOf, measureStreamsOf, type Plan, warmUp } from './measure-place.ts';
import { openServers, openSplit, openStandalone, type Place, type Servers, startModel } from './places.ts';

const { values: options } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string', default: 'latency,streams,sockets,start' },
    place: { type: 'string', default: 'standalone,split' },
    streams: { type: 'string' },
  },
});

const whole: Plan = {
  standaloneStreams: [25, 100, 200, 300, 400],
  splitStreams: [25, 50, 100, 150, 200],
  directStreams: [100, 300],
  standalonePairs: 200,
  // The test server gets slower with each document: a few answers, after which it is emptied.
  splitPairs: 40,
  sockets: 10_000,
  coldStarts: 5,
};
const inShort: Plan = {
  ...whole,
  standaloneStreams: [100, 300],
  splitStreams: [50],
  directStreams: [300],
  standalonePairs: 60,
  coldStarts: 3,
};
const given = options.streams?.split(',').map(Number);
const plan: Plan = {
  ...(options.short ? inShort : whole),
  ...(given && { standaloneStreams: given, splitStreams: given, directStreams: [] }),
};
const parts = new Set(options.only.split(','));
const places = new Set(options.place.split(','));

const begin = performance.now();
const figures: Figure[] = [];
const say = (line: string) =>
  console.error(`${((performance.now() - begin) / 1_000).toFixed(0).padStart(4)} s  ${line}`);
const add = (more: readonly Figure[]) => figures.push(...more);

async function measurePlace(place: Place, levels: readonly number[]): Promise<void> {
  await warmUp(place);
  if (parts.has('latency')) {
    say(`${place.name}: added latency`);
    add(await measureLatencyOf(place, model, place.name === 'split' ? plan.splitPairs : plan.standalonePairs));
  }
  if (!parts.has('streams')) return;
  for (const streams of levels) {
    say(`${place.name}: ${streams} streams`);
    add(await measureStreamsOf(place, streams));
  }
}

async function measureAt(open: () => Promise<Place>, levels: readonly number[]): Promise<void> {
  const place = await open();
  try {
    await measurePlace(place, levels);
  } finally {
    await place.stop();
  }
}

async function measureStarts(): Promise<void> {
  const starts: ColdStart[] = [];
  for (let count = 0; count < plan.coldStarts; count += 1) starts.push(await coldStart());
  const of = `standalone, cold start (median of ${starts.length})`;
  const median = (pick: (start: ColdStart) => number) => timesOf(starts.map(pick)).median;
  add([
    { of, name: 'until /readyz is 200', value: median((start) => start.readyMs), unit: 'ms', target: 1_000 },
    { of, name: 'until /health is 200', value: median((start) => start.healthMs), unit: 'ms', target: 1_000 },
    { of, name: 'memory at rest', value: median((start) => start.idle) / 1e6, unit: 'MB', target: 150 },
  ]);
}

async function measureSockets(): Promise<void> {
  const { sockets, settled, collected, openSeconds } = await measureIdleSockets(model, plan.sockets);
  const of = `standalone, ${sockets} idle sockets`;
  add([
    { of, name: 'memory each, garbage collected', value: collected / 1e3, unit: 'KB', target: 25 },
    { of, name: 'memory each, as it settled', value: settled / 1e3, unit: 'KB' },
    { of, name: 'opened in', value: openSeconds, unit: 's' },
  ]);
}

const model = await startModel();
let servers: Servers | undefined;
try {
  if (places.has('split') && (parts.has('latency') || parts.has('streams'))) servers = await openServers(process.env);
  if (parts.has('start')) {
    say('cold start');
    await measureStarts();
  }
  if (parts.has('streams')) {
    for (const streams of plan.directStreams) {
      say(`direct: ${streams} streams`);
      add(await measureDirectStreams(model, streams));
    }
  }
  if (parts.has('latency') || parts.has('streams')) {
    if (places.has('standalone')) await measureAt(() => openStandalone(model), plan.standaloneStreams);
    const found = servers;
    if (found) await measureAt(() => openSplit(model, found), plan.splitStreams);
    else if (places.has('split')) {
      const missing =
        'Redis and MongoDB are needed: set TEST_REDIS_URL and TEST_MONGODB_URI, or put the programs on the PATH.';
      if (process.env['CI'] === 'true') throw new Error(missing);
      say(`The split processes are not measured. ${missing}`);
    }
  }
  if (parts.has('sockets')) {
    say(`${plan.sockets} idle sockets`);
    await measureSockets();
  }
} finally {
  model.process.kill();
  await servers?.stop();
}

const missed = figures.filter(isMissed);
const [{ model: processor = 'unknown' } = {}] = cpus();
const machine = {
  processor,
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 1e9),
  system: `${process.platform} ${release()}`,
  node: process.version,
};
const date = new Date().toISOString();
const seconds = Math.round((performance.now() - begin) / 1_000);
console.log(`${date}: ${machine.cores} × ${processor}, ${machine.memoryGb} GB, Node ${machine.node}; ${seconds} s\n`);
console.log(tableOf(figures));
console.log(`\n${figures.length} figures, ${missed.length} targets missed.`);
if (options.json) {
  const told = figures.map((figure) => ({ ...figure, ...(figure.target !== undefined && { met: !isMissed(figure) }) }));
  await writeFile(options.json, `${JSON.stringify({ date, seconds, machine, figures: told }, null, 2)}\n`);
}
if (options.strict && missed.length > 0) process.exitCode = 1;
