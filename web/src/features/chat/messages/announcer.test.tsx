import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { Message } from '#contract/conversations.ts';
import { Announcer } from './announcer.tsx';

afterEach(cleanup);

const of = (id: string, status: Message['status']) => ({ id, status });

function listen() {
  const { rerender } = render(<Announcer answer={undefined} isAwaited={false} />);
  return (answer: ReturnType<typeof of> | undefined, isAwaited = false): string | null => {
    rerender(<Announcer answer={answer} isAwaited={isAwaited} />);
    return screen.getByRole('status').textContent;
  };
}

test.each([
  ['complete', 'The answer is complete.'],
  ['stopped', 'The answer was stopped.'],
  ['failed', 'The answer could not be finished.'],
  ['interrupted', 'The answer could not be finished.'],
] as const)('tells that an answer begins, from the send on, and that it ends: %s', (status, text) => {
  const say = listen();
  expect(say(of('earlier', 'complete'), true)).toBe('The answer is being written.');
  expect(say(of('a', 'running'))).toBe('The answer is being written.');
  expect(say(of('a', status))).toBe(text);
});

test('is silent about an earlier answer, and about that of another conversation', () => {
  const say = listen();
  expect(say(of('old', 'complete'))).toBe('');
  say(of('old', 'complete'), true);
  // The message was refused: its own note says so.
  expect(say(of('old', 'complete'))).toBe('');
  say(of('a', 'running'));
  expect(say(of('elsewhere', 'stopped'))).toBe('');
  expect(say(of('a', 'complete'))).toBe('The answer is complete.');
});
