import { describe, expect, test } from 'vitest';
import { framesOf, type Run, runsByFrame, runsOf } from './code-runs.ts';
import type { HighlightJob } from './highlight-worker.ts';
import { Highlighter, type HighlightWorker } from './highlighter.ts';

class FakeWorker implements HighlightWorker {
  readonly jobs: HighlightJob[] = [];
  isEnded = false;
  onmessage: HighlightWorker['onmessage'] = null;
  onerror: HighlightWorker['onerror'] = null;
  postMessage(job: HighlightJob): void {
    this.jobs.push(job);
  }
  terminate(): void {
    this.isEnded = true;
  }
  answer(runs: readonly Run[] | undefined): void {
    const data = { id: this.jobs.at(-1)?.id, runs };
    this.onmessage?.call(this as unknown as Worker, new MessageEvent('message', { data }));
  }
}

function highlighter() {
  const workers: FakeWorker[] = [];
  const timers: Array<() => void> = [];
  const made = new Highlighter({
    start: () => {
      workers.push(new FakeWorker());
      return workers.at(-1) ?? new FakeWorker();
    },
    after: (_, callback) => {
      timers.push(callback);
      return () => {};
    },
  });
  return { made, workers, timers };
}

describe('Highlighter', () => {
  test('asks its worker for one piece after the other, and remembers', async () => {
    const { made, workers } = highlighter();
    const [first, second] = [made.highlight('a', 'js'), made.highlight('b', 'js')];
    expect(workers[0]?.jobs).toHaveLength(1);
    workers[0]?.answer([['a', 'name']]);
    expect(await first).toEqual([['a', 'name']]);
    workers[0]?.answer([['b']]);
    expect(await second).toEqual([['b']]);
    expect(made.known('a', 'js')).toEqual([['a', 'name']]);
    expect(await made.highlight('a', 'js')).toEqual([['a', 'name']]);
    expect(workers[0]?.jobs).toHaveLength(2);
  });

  test('gives up on code that takes for ever, and goes on with the next in a new worker', async () => {
    const { made, workers, timers } = highlighter();
    const [first, second] = [made.highlight('slow', 'perl'), made.highlight('b', 'js')];
    timers[0]?.();
    expect(await first).toBeUndefined();
    expect(workers[0]?.isEnded).toBe(true);
    workers[1]?.answer([['b']]);
    expect(await second).toEqual([['b']]);
  });

  test('leaves code plain where the worker cannot be had', async () => {
    const { made, workers } = highlighter();
    const coloured = made.highlight('a', 'js');
    workers[0]?.onerror?.call(workers[0] as unknown as Worker, new ErrorEvent('error'));
    expect(await coloured).toBeUndefined();
  });

  test('does not ask for code without a language, or without an end', async () => {
    const { made, workers } = highlighter();
    expect(await made.highlight('a', '')).toBeUndefined();
    expect(await made.highlight('a'.repeat(100_000), 'js')).toBeUndefined();
    expect(workers).toHaveLength(0);
  });
});

describe('runs of code', () => {
  test('have the colour of the innermost scope that has one', () => {
    const span = (name: string, ...children: object[]) => ({
      type: 'element',
      properties: { className: [`hljs-${name}`] },
      children,
    });
    const text = (value: string) => ({ type: 'text', value });
    const root = {
      type: 'root',
      children: [span('keyword', text('let')), text(' '), span('string', text('"'), span('subst', text('a')))],
    };
    expect(runsOf(root as never)).toEqual([['let', 'keyword'], [' '], ['"', 'string'], ['a', 'string']]);
  });

  test('are cut where frames end, and lose nothing', () => {
    const code = Array.from({ length: 100 }, (_, line) => `line ${line}`).join('\n');
    const frames = framesOf(code);
    expect(frames).toHaveLength(9);
    expect(frames.join('')).toBe(code);
    const byFrame = runsByFrame(frames, [[code.slice(0, 500), 'comment'], [code.slice(500)]]);
    expect(byFrame.map((runs) => runs.map(([text]) => text).join(''))).toEqual(frames);
  });
});
