import type { Browser, Page } from 'playwright-core';

/** What the browser says of a step, such as how many elements it styled or what event it told. */
interface Details {
  readonly elementCount?: number;
  readonly beginData?: { readonly dirtyObjects?: number; readonly totalObjects?: number };
  readonly data?: { readonly type?: string; readonly functionName?: string; readonly url?: string };
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread's own processor time. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string } & Details;
}

/** What a task did. */
interface Step {
  readonly name: string;
  readonly cpuMs: number;
  /** How many steps it is part of. */
  readonly depth: number;
}

export interface Task {
  /** Since the trace began. */
  readonly atMs: number;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** In their order. */
  readonly steps: readonly Step[];
}

const withSteps = ['devtools.timeline', 'v8', 'disabled-by-default-v8.gc', 'disabled-by-default-v8.compile'];

/**
 * The tasks of the page's main thread while something goes on, the longest first. So many of them have their steps, for which the
 * trace itself takes more of the thread's time.
 */
export async function tasksDuring(
  browser: Browser,
  page: Page,
  work: () => Promise<void>,
  explained = 0,
): Promise<readonly Task[]> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata', ...(explained > 0 ? withSteps : [])] });
  let trace: Buffer;
  try {
    await work();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: readonly TraceEvent[] };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const begin = traceEvents.reduce((least, { ts }) => (ts > 0 ? Math.min(least, ts) : least), Number.POSITIVE_INFINITY);
  const ofMain = traceEvents.filter(({ ph, pid, tid }) => ph === 'X' && mains.has(`${pid} ${tid}`));
  return ofMain
    .filter(({ name }) => /RunTask/.test(name))
    .sort((one, other) => cpuMsOf(other) - cpuMsOf(one))
    .map((task, index) => ({
      atMs: (task.ts - begin) / 1e3,
      wallMs: (task.dur ?? 0) / 1e3,
      cpuMs: cpuMsOf(task),
      steps: index < explained ? stepsOf(task, ofMain) : [],
    }));
}

const cpuMsOf = ({ dur = 0, tdur = dur }: TraceEvent): number => tdur / 1e3;

/** Shorter steps say nothing, in ms. */
const leastMs = 2;

function stepsOf(task: TraceEvent, events: readonly TraceEvent[]): readonly Step[] {
  const endOf = ({ ts, dur = 0 }: TraceEvent) => ts + dur;
  const inside = events
    .filter(
      (event) => event !== task && event.ts >= task.ts && endOf(event) <= endOf(task) && cpuMsOf(event) >= leastMs,
    )
    .sort((one, other) => one.ts - other.ts || endOf(other) - endOf(one));
  const around: TraceEvent[] = [];
  return inside.map((event) => {
    while (around.length > 0 && endOf(around.at(-1) ?? task) < endOf(event)) around.pop();
    around.push(event);
    return { name: [event.name, ...detailsOf(event.args)].join(' '), cpuMs: cpuMsOf(event), depth: around.length - 1 };
  });
}

function detailsOf({ elementCount, beginData, data }: Details = {}): readonly string[] {
  const { dirtyObjects, totalObjects } = beginData ?? {};
  const { type, functionName, url } = data ?? {};
  return [
    ...(elementCount === undefined ? [] : [`of ${elementCount} elements`]),
    ...(dirtyObjects === undefined ? [] : [`of ${dirtyObjects} objects of ${totalObjects}`]),
    ...[type, functionName, url?.replace(/.*\//, '')].filter((each) => each !== undefined),
  ];
}
