import type { Browser, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of the thread's own processor time. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

export interface Task {
  /** Since the trace began. */
  readonly atMs: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** The tasks of the page's main thread while something goes on, the longest first. */
export async function tasksDuring(browser: Browser, page: Page, work: () => Promise<void>): Promise<readonly Task[]> {
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
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
  return traceEvents
    .filter(({ name, ph, pid, tid }) => ph === 'X' && /RunTask/.test(name) && mains.has(`${pid} ${tid}`))
    .map(({ ts, dur = 0, tdur = dur }) => ({ atMs: (ts - begin) / 1e3, wallMs: dur / 1e3, cpuMs: tdur / 1e3 }))
    .sort((one, other) => other.cpuMs - one.cpuMs);
}
