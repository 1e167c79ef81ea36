import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Message } from '#contract/conversations.ts';
import { formatPosition } from '#contract/position.ts';
import { Answers } from '../../../api/answers.ts';
import { testEntry } from '../../../api/session.fixture.ts';
import { ChatContext } from '../chat-context.ts';
import { createChatClient } from '../live/chat-client.ts';
import { AssistantMessage } from './assistant-message.tsx';

// With `act`, as tests draw otherwise, all is drawn at once.
beforeEach(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', false));
afterEach(() => vi.unstubAllGlobals());

const running: Message = {
  id: 'm',
  conversationId: 'c',
  role: 'assistant',
  status: 'running',
  runId: 'r',
  text: '',
  createdAt: '2026-01-01T00:00:00Z',
};

/** An answer in a page of its own. */
function answerInPage() {
  let paint = (callback: () => void) => callback();
  const answers = new Answers({
    send: () => true,
    beforePaint: (callback) => paint(callback),
    after: () => () => {},
    random: () => 0,
  });
  answers.follow('r');
  const client = { ...createChatClient(testEntry()), answers };
  const container = document.createElement('div');
  const root = createRoot(container);
  let length = 0;
  const show = (message: Message) =>
    root.render(
      <MemoryRouter>
        <QueryClientProvider client={client.queries}>
          <ChatContext value={client}>
            <AssistantMessage message={message} isLast position={1} size={1} />
          </ChatContext>
        </QueryClientProvider>
      </MemoryRouter>,
    );
  return {
    container,
    show,
    leave: () => root.unmount(),
    say: (text: string) => {
      length += text.length;
      answers.receive({ type: 'delta', runId: 'r', at: formatPosition({ attempt: 1, length }), text });
    },
    /** From now on words are told when the answer is called. */
    holdPaint: () => {
      const held: Array<() => void> = [];
      paint = (callback) => void held.push(callback);
      return () => {
        for (const callback of held.splice(0)) callback();
      };
    },
    /** As the pace of an answer is told. */
    drawn: () => new Promise<void>((resolve) => queueMicrotask(() => client.drawing.whenDone(resolve))),
    status: () => container.querySelector('article')?.dataset['status'],
  };
}

test('new words are drawn in tasks of their own, and are in the page when that is told', async () => {
  const { container, show, leave, say, drawn } = answerInPage();
  show(running);
  await vi.waitFor(() => expect(container.querySelector('.caret')).not.toBeNull());
  for (const word of ['Tides', ' come', ' twice.']) {
    say(word);
    await Promise.resolve();
    expect(container.textContent).not.toContain(word);
    await drawn();
    expect(container.textContent).toContain(word);
  }
  leave();
});

test('words that come while others are drawn are drawn after these', async () => {
  const { container, show, leave, say, drawn, holdPaint } = answerInPage();
  show(running);
  await vi.waitFor(() => expect(container.querySelector('.caret')).not.toBeNull());
  const paint = holdPaint();
  say('Tides');
  paint();
  await Promise.resolve();
  say(' come');
  await drawn();
  expect(container.textContent).toContain('Tides');
  expect(container.textContent).not.toContain('come');
  paint();
  await drawn();
  expect(container.textContent).toContain('Tides come');
  leave();
});

test('what is left while it is drawn is not waited for', async () => {
  const { container, show, leave, say, drawn } = answerInPage();
  show(running);
  await vi.waitFor(() => expect(container.querySelector('.caret')).not.toBeNull());
  say('Tides');
  await Promise.resolve();
  expect(container.textContent).not.toContain('Tides');
  leave();
  await drawn();
});

test('an answer has ended when its last words are there', async () => {
  const { container, show, leave, status } = answerInPage();
  show(running);
  await vi.waitFor(() => expect(status()).toBe('running'));
  const atTheEnd = new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (status() === 'complete') resolve(container.textContent);
    });
    observer.observe(container, { subtree: true, attributeFilter: ['data-status'] });
  });
  show({ ...running, status: 'complete', text: 'Tides come twice.' });
  expect(await atTheEnd).toContain('Tides come twice.');
  leave();
});
