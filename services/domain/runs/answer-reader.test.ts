import { beforeEach, describe, expect, it } from 'vitest';
import type { Position } from '#contract/position.ts';
import type { LogEntry } from '#platform/run-log/run-log.ts';
import { AnswerReader } from './answer-reader.ts';

const part = { index: 0, kind: 'text' } as const;
const open = (attempt: number): LogEntry => ({ kind: 'open', at: { attempt, length: 0 } });
const entry = (attempt: number, start: number, text: string): LogEntry => ({
  kind: 'output',
  at: { attempt, length: start + text.length },
  part,
  text,
});
const done: LogEntry = {
  kind: 'done',
  at: { attempt: 1, length: Number.POSITIVE_INFINITY },
  outcome: 'complete',
  length: 5,
};

describe('how far a reader is', () => {
  let told: string[] = [];
  beforeEach(() => {
    told = [];
  });
  const to = {
    delta: (at: string, text: string) => told.push(`${at} ${text}`),
    reset: (at: string) => told.push(`${at} reset`),
    writable: true,
  };
  const readerAt = (position?: Position) => new AnswerReader(position);

  it('moves on with each entry, from nothing without a reset', () => {
    const reader = readerAt();
    for (const next of [open(1), entry(1, 0, 'Hel'), entry(1, 3, 'lo')]) expect(reader.accept(next, to)).toBe('ok');
    expect(told).toEqual(['1-3 Hel', '1-5 lo']);
    expect(reader.position).toEqual({ attempt: 1, length: 5 });
    expect(reader.accept(done, to)).toBe('done');
  });

  it('skips what it has, whole or in part', () => {
    const reader = readerAt({ attempt: 1, length: 4 });
    for (const next of [open(1), entry(1, 0, 'Hel'), entry(1, 0, 'Hello')]) reader.accept(next, to);
    expect(told).toEqual(['1-5 o']);
  });

  it('hands a long text on in pieces that keep pairs whole, as far as it is taken', () => {
    const text = `${'x'.repeat(16_383)}${'🏮'.repeat(10_000)}`;
    const taken: string[] = [];
    const slow = { delta: (_at: string, piece: string) => taken.push(piece), reset: () => {}, writable: false };
    const reader = readerAt();
    expect(reader.accept(entry(1, 0, text), slow)).toBe('full');
    expect(reader.position).toEqual({ attempt: 1, length: 16_383 });
    expect(reader.accept(entry(1, 0, text), { ...slow, writable: true })).toBe('ok');
    expect(taken.map((piece) => piece.length)).toEqual([16_383, 16_384, 3_616]);
    expect(taken.every((piece) => piece.isWellFormed())).toBe(true);
    expect(taken.join('')).toBe(text);
  });

  it('takes a checkpoint as far as there is room, and the rest later', () => {
    const output = ['a', 'b', 'c'].map((letter, index) => ({
      index,
      kind: 'text' as const,
      text: letter.repeat(9_000),
    }));
    const run = { attempt: 1, length: 27_000, status: 'running', output } as const;
    const reader = readerAt();
    expect(reader.acceptStored(run, { ...to, writable: false })).toBe(false);
    expect(reader.position).toEqual({ attempt: 1, length: 9_000 });
    expect(reader.acceptStored(run, to)).toBe(true);
    expect(reader.position).toEqual({ attempt: 1, length: 27_000 });
  });

  it('never crosses a gap', () => {
    const reader = readerAt({ attempt: 1, length: 2 });
    expect(reader.accept(entry(1, 3, 'lo'), to)).toBe('gap');
    expect([told, reader.position]).toEqual([[], { attempt: 1, length: 2 }]);
    expect(readerAt().accept(entry(1, 3, 'lo'), to)).toBe('gap');
  });

  it('starts over with a later attempt, and minds no earlier one', () => {
    const reader = readerAt({ attempt: 1, length: 5 });
    reader.accept(open(2), to);
    reader.accept(entry(1, 5, ' old'), to);
    reader.accept({ ...done }, to);
    reader.accept(entry(2, 0, 'New'), to);
    expect(told).toEqual(['2-0 reset', '2-3 New']);
    expect(readerAt({ attempt: 2, length: 0 }).accept(done, to), 'the end of an earlier attempt').toBe('ok');
  });

  const stored = (attempt: number, text: string, status: 'running' | 'queued' | 'complete' = 'running') => ({
    attempt,
    status,
    length: text.length,
    output: text === '' ? [] : [{ ...part, text }],
  });

  it('takes from the store what lies behind it', () => {
    readerAt({ attempt: 1, length: 3 }).acceptStored(stored(1, 'Hello'), to);
    expect(told).toEqual(['1-5 lo']);
    readerAt().acceptStored(stored(2, 'New'), to);
    expect(told.slice(1)).toEqual(['2-3 New']);
  });

  it('is left alone by a checkpoint that lags behind it', () => {
    const reader = readerAt({ attempt: 2, length: 5 });
    reader.acceptStored(stored(2, 'He'), to);
    reader.acceptStored(stored(1, 'Hello, old'), to);
    expect([told, reader.position]).toEqual([[], { attempt: 2, length: 5 }]);
  });

  it('starts over where a run that ended has less, or another attempt', () => {
    readerAt({ attempt: 2, length: 5 }).acceptStored(stored(2, 'He', 'complete'), to);
    expect(told).toEqual(['2-0 reset', '2-2 He']);
    told = [];
    readerAt({ attempt: 3, length: 1 }).acceptStored(stored(2, '', 'complete'), to);
    expect(told).toEqual(['2-0 reset']);
    told = [];
    readerAt({ attempt: 1, length: 5 }).acceptStored(stored(2, 'He'), to);
    expect(told).toEqual(['2-0 reset', '2-2 He']);
  });
});
