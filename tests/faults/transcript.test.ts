import { describe, expect, it } from 'vitest';
import type { DoneEvent } from '#contract/chat.ts';
import { Transcript } from './transcript.ts';

const endOf = (attempt: number) => `${attempt}-18446744073709551615`;
const done = (text: string): DoneEvent => ({
  message: {
    ...{ id: 'm', conversationId: 'c', role: 'assistant', status: 'complete', text },
    createdAt: '2026-01-01T00:00:00.000Z',
  },
});

describe('Transcript', () => {
  it('puts an answer together over a reset, thinking apart from text', () => {
    const transcript = new Transcript();
    transcript.delta('1-3', { text: 'abc' });
    transcript.reset('2-0');
    transcript.delta('2-2', { text: 'hm', part: { index: 0, kind: 'thinking' } });
    transcript.delta('2-4', { text: '🌙', part: { index: 1, kind: 'text' } });
    transcript.delta('2-5', { text: '!' });
    transcript.finish(endOf(2), done('🌙!'));
    expect(transcript.parts).toEqual([
      { kind: 'thinking', text: 'hm' },
      { kind: 'text', text: '🌙!' },
    ]);
    expect(transcript).toMatchObject({ breaches: [], resets: 1, deltas: 4, length: 5, at: endOf(2) });
  });

  it.each<[what: string, tell: (transcript: Transcript) => void]>([
    ['does not follow', (t) => t.delta('1-4', { text: 'abc' })],
    ['does not follow', (t) => [t.delta('1-3', { text: 'abc' }), t.delta('1-3', { text: 'abc' })]],
    ['without a reset', (t) => [t.delta('1-3', { text: 'abc' }), t.delta('2-3', { text: 'abc' })]],
    ['has no position', (t) => t.delta('x', { text: 'abc' })],
    ['half an emoji', (t) => t.delta('1-1', { text: '\ud83c' })],
    ['not to the start', (t) => t.reset('1-3')],
    ['not the end', (t) => t.finish('1-3', done(''))],
    ['the reader has 0', (t) => t.finish(endOf(1), done('abc'))],
    ['after done', (t) => [t.finish(endOf(1), done('')), t.delta('1-3', { text: 'abc' })]],
    ['done came twice', (t) => [t.finish(endOf(1), done('')), t.finish(endOf(1), done(''))]],
  ])('keeps as a breach what %s', (what, tell) => {
    const transcript = new Transcript();
    tell(transcript);
    expect(transcript.breaches).toEqual([expect.stringContaining(what)]);
  });
});
