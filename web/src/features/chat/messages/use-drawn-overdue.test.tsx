import { cleanup, render, screen } from '@testing-library/react';
import { useRef } from 'react';
import { afterEach, expect, test, vi } from 'vitest';
import { testEntry } from '../../../api/session.fixture.ts';
import { ChatContext } from '../chat-context.ts';
import { createChatClient } from '../live/chat-client.ts';
import { useDrawn } from './use-drawn.ts';

// React is never done with what it draws in small steps.
vi.mock('react', async (original) => ({
  ...(await original<typeof import('react')>()),
  useDeferredValue: <Value,>(value: Value) => useRef(value).current,
}));

afterEach(cleanup);

const Said = ({ words }: { readonly words: string }) => <p>{useDrawn(words)}</p>;

test('what does not come to its end is drawn in one go, and is not waited for any longer', async () => {
  const client = createChatClient(testEntry());
  const pageOf = (words: string) => (
    <ChatContext value={client}>
      <Said words={words} />
    </ChatContext>
  );
  const { rerender } = render(pageOf(''));
  rerender(pageOf('Tides come'));
  expect(screen.queryByText('Tides come')).toBeNull();
  const drawn = vi.fn();
  client.drawing.whenDone(drawn);
  await screen.findByText('Tides come');
  expect(drawn).toHaveBeenCalledOnce();
  rerender(pageOf('Tides come twice'));
  expect(screen.getByText('Tides come twice')).toBeTruthy();
});
