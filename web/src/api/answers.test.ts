import { describe, expect, test } from 'vitest';
import type { ClientFrame } from '#contract/socket.ts';
import type { AnswerFrame } from './answer.ts';
import { Answers } from './answers.ts';

const delta = (end: number, text: string): AnswerFrame => ({ type: 'delta', runId: 'r', at: `1-${end}`, text });

function create() {
  const sent: ClientFrame[] = [];
  const paints: (() => void)[] = [];
  const timers: { ms: number; callback: () => void }[] = [];
  const connection = { isUp: true };
  const answers = new Answers({
    send: (frame) => {
      if (connection.isUp) sent.push(frame);
      return connection.isUp;
    },
    beforePaint: (callback) => paints.push(callback),
    after: (ms, callback) => {
      timers.push({ ms, callback });
      return () => {};
    },
    random: () => 1,
  });
  return { answers, sent, paints, timers, connection };
}

describe('Answers', () => {
  test('asks for an answer from its beginning, once', () => {
    const { answers, sent } = create();
    answers.follow('r');
    answers.follow('r');
    expect(sent).toEqual([{ type: 'subscribe', runId: 'r' }]);
  });

  test('does not ask for one that the server sends unasked, until the connection is a new one', () => {
    const { answers, sent } = create();
    answers.adopt('r');
    answers.follow('r');
    expect(sent).toEqual([]);
    answers.resume();
    expect(sent).toEqual([{ type: 'subscribe', runId: 'r' }]);
  });

  test('goes on where it stood on a new connection', () => {
    const { answers, sent, connection } = create();
    answers.follow('r');
    answers.receive(delta(3, 'abc'));
    connection.isUp = false;
    answers.resume();
    connection.isUp = true;
    answers.resume();
    expect(sent.at(-1)).toEqual({ type: 'subscribe', runId: 'r', after: '1-3' });
    expect(sent).toHaveLength(2);
  });

  test('asks again for one that could not be sent, ever more rarely, until something of it comes', () => {
    const { answers, sent, timers } = create();
    answers.follow('r');
    answers.receive(delta(3, 'abc'));
    for (let refusal = 0; refusal < 3; refusal += 1) {
      answers.refused('r');
      timers.at(-1)?.callback();
    }
    expect(sent.slice(1)).toEqual(Array(3).fill({ type: 'subscribe', runId: 'r', after: '1-3' }));
    expect(timers.map(({ ms }) => ms)).toEqual([1_000, 2_000, 4_000]);
    answers.receive(delta(4, 'd'));
    answers.refused('r');
    expect(timers.at(-1)?.ms).toBe(1_000);
    answers.unfollow('r');
    const before = sent.length;
    timers.at(-1)?.callback();
    expect(sent).toHaveLength(before);
  });

  test('forgets one that nothing shows when it ends', () => {
    const { answers } = create();
    const done = { type: 'done', at: '1-3', message: {} as never } as const;
    answers.adopt('sent');
    answers.adopt('shown');
    answers.follow('shown');
    answers.receive({ ...done, runId: 'sent' });
    answers.receive({ ...done, runId: 'shown' });
    expect([answers.follows('sent'), answers.follows('shown')]).toEqual([false, true]);
  });

  test('tells its readers once for all frames before a paint', () => {
    const { answers, paints } = create();
    let told = 0;
    answers.subscribe(() => {
      told += 1;
    });
    answers.follow('r');
    answers.receive(delta(1, 'a'));
    answers.receive(delta(2, 'b'));
    expect(told).toBe(0);
    expect(paints).toHaveLength(1);
    paints[0]?.();
    expect(told).toBe(1);
    expect(answers.get('r').parts).toEqual([{ kind: 'text', text: ['ab'] }]);
    const shown = answers.get('r');
    answers.receive(delta(3, 'c'));
    expect(paints).toHaveLength(2);
    expect(answers.get('r')).toBe(shown);
    paints[1]?.();
    expect(answers.get('r').length).toBe(3);
  });

  test('asks once from its position where a frame would leave a gap, and shows none', () => {
    const { answers, sent, paints } = create();
    answers.follow('r');
    answers.receive(delta(3, 'abc'));
    answers.receive(delta(9, 'i'));
    answers.receive(delta(10, 'j'));
    expect(sent.slice(1)).toEqual([{ type: 'subscribe', runId: 'r', after: '1-3' }]);
    answers.receive(delta(10, 'defghij'));
    paints[0]?.();
    expect(answers.get('r').length).toBe(10);
    answers.receive(delta(12, 'l'));
    expect(sent).toHaveLength(3);
  });

  test('forgets what is no longer followed, and ignores its frames', () => {
    const { answers, sent } = create();
    answers.follow('r');
    answers.receive(delta(1, 'a'));
    answers.unfollow('r');
    answers.unfollow('r');
    answers.receive(delta(2, 'b'));
    expect(sent.slice(1)).toEqual([{ type: 'unsubscribe', runId: 'r' }]);
    expect(answers.get('r').length).toBe(0);
    expect(answers.follows('r')).toBe(false);
  });

  test('does not ask for, or take leave of, an answer that has ended', () => {
    const { answers, sent } = create();
    answers.follow('r');
    const message = {
      id: 'm',
      conversationId: 'c',
      role: 'assistant',
      status: 'complete',
      text: '',
      createdAt: '',
    } as const;
    answers.receive({ type: 'done', runId: 'r', at: '1-18446744073709551615', message });
    answers.resume();
    answers.unfollow('r');
    expect(sent).toHaveLength(1);
  });
});
