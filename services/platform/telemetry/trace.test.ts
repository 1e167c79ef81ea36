import { describe, expect, it } from 'vitest';
import { continueTrace, currentTrace, formatTraceparent, newTrace, runInTrace } from './trace.ts';

const given = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = (id = given, span = '00f067aa0ba902b7', version = '00') => `${version}-${id}-${span}-01`;

describe('continueTrace', () => {
  it('goes on with the caller’s trace in a span of its own', () => {
    const trace = continueTrace(parent());
    expect(trace.traceId).toBe(given);
    expect(trace.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(trace.spanId).not.toBe('00f067aa0ba902b7');
  });

  it('reads a later version with more parts, as the recommendation asks', () => {
    expect(continueTrace(`${parent(given, undefined, '01')}-more`).traceId).toBe(given);
  });

  it('takes a well-formed X-Trace-Id where no traceparent comes, or a broken one', () => {
    expect(continueTrace(undefined, given).traceId).toBe(given);
    expect(continueTrace('nonsense', given).traceId).toBe(given);
    expect(continueTrace(parent(), 'f'.repeat(32)).traceId).toBe(given);
  });

  it.each([
    undefined,
    '',
    'nonsense',
    parent('0'.repeat(32)),
    parent(given, '0'.repeat(16)),
    parent(given, undefined, 'ff'),
    parent(given.toUpperCase()),
    `${parent()} `,
  ])('begins a new trace for the traceparent %j', (traceparent) => {
    const { traceId } = continueTrace(traceparent);
    expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(traceId).not.toBe(given);
  });

  it.each(['', '0'.repeat(32), given.slice(1), `${given}\n`, given.toUpperCase()])(
    'begins a new trace for the ID %j',
    (id) => {
      expect(continueTrace(undefined, id).traceId).not.toBe(id);
    },
  );
});

describe('a trace', () => {
  it('goes out as a traceparent that the next process reads', () => {
    const trace = newTrace();
    expect(continueTrace(formatTraceparent(trace)).traceId).toBe(trace.traceId);
  });

  it('is that of the work it runs, also after waiting, and of nothing else', async () => {
    const [outer, inner] = [newTrace(), newTrace()];
    await runInTrace(outer, async () => {
      await runInTrace(inner, async () => {
        await Promise.resolve();
        expect(currentTrace()).toBe(inner);
      });
      expect(currentTrace()).toBe(outer);
    });
    expect(currentTrace()).toBeUndefined();
  });
});
