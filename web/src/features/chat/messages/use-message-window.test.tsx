import { act, cleanup, render } from '@testing-library/react';
import { Suspense, startTransition, use } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Message } from '#contract/conversations.ts';
import { testEntry } from '../../../api/session.fixture.ts';
import { ChatContext } from '../chat-context.ts';
import { type ChatClient, createChatClient } from '../live/chat-client.ts';
import { Messages } from './messages.tsx';

/** Of each row in the page, by its message, in CSS pixels: here nothing is laid out. */
const heights = new Map<string, number>();
const usualHeight = 100;

function heightOf(element: Element): number {
  const id = element.querySelector('[data-message-id]')?.getAttribute('data-message-id');
  return id ? (heights.get(id) ?? usualHeight) : 0;
}

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(function (this: HTMLElement) {
    return heightOf(this);
  });
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (this: HTMLElement) {
    return new DOMRect(0, 0, 0, heightOf(this));
  });
});
afterEach(() => {
  cleanup();
  heights.clear();
  vi.restoreAllMocks();
});

const threadOf = (conversation: string, length: number): Message[] =>
  Array.from({ length }, (_, index) => ({
    id: `${conversation}${index}`,
    conversationId: conversation,
    role: 'user',
    status: 'complete',
    text: 'Tides come twice.',
    createdAt: '2026-01-01T00:00:00Z',
  }));

interface PageProps {
  readonly client: ChatClient;
  readonly conversation: string;
  readonly length: number;
  /** What it waits for before it is put into the page. */
  readonly until?: Promise<null>;
}

function Page({ client, conversation, length, until }: PageProps) {
  return (
    <ChatContext value={client}>
      <Messages
        listKey={conversation}
        thread={threadOf(conversation, length)}
        unsent={[]}
        older="none"
        isBusy={false}
        onOlder={() => {}}
      />
      <Suspense>{until && <Waiting until={until} />}</Suspense>
    </ChatContext>
  );
}

const Waiting = ({ until }: { readonly until: Promise<null> }) => use(until);

function showList(conversation: string, length: number) {
  const client = createChatClient(testEntry());
  const { getByRole, rerender } = render(<Page client={client} conversation={conversation} length={length} />);
  return {
    laidOut: () => act(() => client.drawing.laidOut.tell()),
    /** Begins to draw another conversation, which is in the page when the answer is called. */
    leaveFor: async (other: string, otherLength: number) => {
      const { promise, resolve } = Promise.withResolvers<null>();
      const page = <Page client={client} conversation={other} length={otherLength} until={promise} />;
      await act(async () => startTransition(() => rerender(page)));
      return () => act(async () => resolve(null));
    },
    height: () => Number.parseInt(getByRole('log').style.height, 10),
    first: () => getByRole('log').querySelector('[data-message-id]')?.getAttribute('data-message-id'),
  };
}

test('the list follows what grew when it is laid out', () => {
  const { laidOut, height } = showList('a', 2);
  const before = height();
  heights.set('a1', usualHeight + 250);
  laidOut();
  expect(height()).toBe(before + 250);
});

test('rows that are in the page while another list is drawn are not taken for rows of that one', async () => {
  heights.set('a0', 3_000);
  const heightAfterLeaving = async (isLaidOutMeanwhile: boolean) => {
    const { laidOut, leaveFor, height, first } = showList('a', 2);
    const enter = await leaveFor('b', 60);
    expect(first()).toBe('a0');
    if (isLaidOutMeanwhile) laidOut();
    await enter();
    expect(first()).not.toBe('a0');
    const after = height();
    cleanup();
    return after;
  };
  expect(await heightAfterLeaving(true)).toBe(await heightAfterLeaving(false));
});
