import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatPosition } from '#contract/position.ts';
import { type Answer, type AnswerFrame, applyFrame, positionOf, unread } from './answer.ts';

const runId = 'run';
const delta = (
  attempt: number,
  end: number,
  text: string,
  part?: { index: number; kind: 'thinking' },
): AnswerFrame => ({
  type: 'delta',
  runId,
  at: formatPosition({ attempt, length: end }),
  text,
  ...(part ? { part } : {}),
});
const reset = (attempt: number): AnswerFrame => ({ type: 'reset', runId, at: `${attempt}-0` });
const done: AnswerFrame = {
  type: 'done',
  runId,
  at: '1-18446744073709551615',
  message: {
    id: 'm',
    conversationId: 'c',
    role: 'assistant',
    status: 'complete',
    text: 'abc',
    createdAt: '2026-01-01T00:00:00Z',
  },
};
const textOf = ({ parts }: Answer): string => parts.flatMap(({ text }) => text).join('');
const read = (...frames: AnswerFrame[]) => frames.reduce((answer, frame) => applyFrame(answer, frame).answer, unread);

describe('applyFrame', () => {
  test('joins what follows on', () => {
    const answer = read(delta(1, 3, 'abc'), delta(1, 5, 'de'));
    expect(answer).toMatchObject({ attempt: 1, length: 5, parts: [{ kind: 'text', text: ['abcde'] }] });
    expect(positionOf(answer)).toBe('1-5');
  });

  test('takes only the new end of an overlap', () => {
    expect(textOf(read(delta(1, 3, 'abc'), delta(1, 5, 'bcde')))).toBe('abcde');
  });

  test('ignores what it has', () => {
    const answer = read(delta(1, 3, 'abc'));
    expect(applyFrame(answer, delta(1, 3, 'abc'))).toEqual({ answer, behind: false });
  });

  test('does not cross a gap, and says so', () => {
    const answer = read(delta(1, 3, 'abc'));
    expect(applyFrame(answer, delta(1, 6, 'f'))).toEqual({ answer, behind: true });
  });

  test.each(['x', '1', '1-', '', '1-18446744073709551615'])('does not take a delta at the position %j', (at) => {
    expect(applyFrame(unread, { type: 'delta', runId, at, text: 'abc' })).toEqual({ answer: unread, behind: true });
  });

  test('does not take a delta that is longer than its position', () => {
    expect(applyFrame(unread, delta(1, 2, 'abc')).behind).toBe(true);
  });

  test('starts over with a reset, and with the beginning of a later attempt', () => {
    expect(read(delta(1, 3, 'abc'), reset(2))).toEqual({ ...unread, attempt: 2 });
    expect(textOf(read(delta(1, 3, 'abc'), delta(2, 2, 'xy')))).toBe('xy');
  });

  test('ignores an earlier attempt, and the middle of a later one', () => {
    const answer = read(reset(2), delta(2, 1, 'x'));
    expect(applyFrame(answer, delta(1, 9, 'abc'))).toEqual({ answer, behind: false });
    expect(applyFrame(answer, delta(3, 9, 'abc'))).toEqual({ answer, behind: true });
  });

  test('keeps thinking apart from the text', () => {
    const thinking = { index: 0, kind: 'thinking' } as const;
    const { parts } = read(delta(1, 2, 'hm', thinking), delta(1, 4, 'mm', thinking), delta(1, 6, 'ok'));
    expect(parts).toEqual([
      { kind: 'thinking', text: ['hmmm'] },
      { kind: 'text', text: ['ok'] },
    ]);
  });

  test('takes nothing after the end', () => {
    const answer = read(delta(1, 3, 'abc'), done);
    expect(answer.ended).toBe(true);
    expect(applyFrame(answer, delta(1, 4, 'd'))).toEqual({ answer, behind: false });
    expect(applyFrame(answer, reset(2)).answer).toBe(answer);
  });
});

test('whatever is lost, repeated or cut anew, what shows is a beginning of the output, and the whole of it in the end', () => {
  const move = fc.oneof(
    fc.record({ kind: fc.constant('send' as const), from: fc.nat(40), length: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ kind: fc.constant('takeover' as const) }),
    fc.record({ kind: fc.constant('late' as const), end: fc.integer({ min: 1, max: 40 }) }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 4 }),
      fc.array(move),
      (outputs, moves) => {
        let answer = unread;
        let attempt = 1;
        const output = () => outputs[attempt - 1] ?? '';
        const take = (frame: AnswerFrame) => {
          const before = answer;
          const applied = applyFrame(answer, frame);
          answer = applied.answer;
          expect((outputs[answer.attempt - 1] ?? '').startsWith(textOf(answer))).toBe(true);
          expect(textOf(answer)).toHaveLength(answer.length);
          if (answer.attempt === before.attempt && frame.type === 'delta') {
            expect(answer.length).toBeGreaterThanOrEqual(before.length);
          }
        };
        for (const each of moves) {
          if (each.kind === 'takeover' && attempt < outputs.length) {
            attempt += 1;
            take(reset(attempt));
          } else if (each.kind === 'send') {
            const text = output().slice(each.from, each.from + each.length);
            if (text) take(delta(attempt, each.from + text.length, text));
          } else if (each.kind === 'late' && attempt > 1) {
            const earlier = (outputs[attempt - 2] ?? '').slice(0, each.end);
            take(delta(attempt - 1, earlier.length, earlier));
          }
        }
        // The server resumes where the reader says that it stands.
        const start = answer.attempt === attempt ? answer.length : 0;
        if (start < output().length) take(delta(attempt, output().length, output().slice(start)));
        expect(textOf(answer)).toBe(output());
      },
    ),
    { numRuns: 500 },
  );
});
