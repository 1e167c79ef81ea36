import { describe, expect, it } from 'vitest';
import { Transcript } from './transcript.js';

const done = (text: string, status = 'complete') =>
  ({ message: { text, status } }) as unknown as Parameters<Transcript['finish']>[1];
const end = '18446744073709551615';

describe('a transcript', () => {
  it('joins deltas that follow each other, each kind for itself', () => {
    const transcript = new Transcript();
    transcript.delta('1-2', { text: 'hm', part: { index: 0, kind: 'thinking' } });
    transcript.delta('1-4', { text: 'ab' });
    transcript.delta('1-5', { text: 'c' });
    transcript.finish(`1-${end}`, done('abc'));
    expect(transcript.breaches).toEqual([]);
    expect(transcript.parts).toEqual([
      { kind: 'thinking', text: 'hm' },
      { kind: 'text', text: 'abc' },
    ]);
  });

  it('begins again after a reset', () => {
    const transcript = new Transcript();
    transcript.delta('1-2', { text: 'ab' });
    transcript.reset('2-0');
    transcript.delta('2-3', { text: 'xyz' });
    transcript.finish(`2-${end}`, done('xyz'));
    expect(transcript.breaches).toEqual([]);
    expect(transcript.text).toBe('xyz');
  });

  it.each<[string, (transcript: Transcript) => void]>([
    ['a gap', (transcript) => transcript.delta('1-5', { text: 'c' })],
    ['an overlap', (transcript) => transcript.delta('1-3', { text: 'bc' })],
    ['another attempt without a reset', (transcript) => transcript.delta('2-1', { text: 'c' })],
    ['a delta without a position', (transcript) => transcript.delta('', { text: 'c' })],
    ['a reset into the middle', (transcript) => transcript.reset('2-1')],
    ['an end that says something else', (transcript) => transcript.finish(`1-${end}`, done('aB'))],
    [
      'a delta after the end',
      (transcript) => {
        transcript.finish(`1-${end}`, done('ab'));
        transcript.delta('1-3', { text: 'c' });
      },
    ],
  ])('notes %s', (_, breaks) => {
    const transcript = new Transcript();
    transcript.delta('1-2', { text: 'ab' });
    breaks(transcript);
    expect(transcript.breaches).toHaveLength(1);
  });
});
