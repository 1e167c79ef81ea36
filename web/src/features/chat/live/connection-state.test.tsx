import { act, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { ChatPage } from '../page.fixture.tsx';
import { runOf } from '../server.fixture.ts';

const page = ChatPage.forEach();
const lose = () => act(() => page.server.socket.onclose?.({ code: 1006 }));

test('counts down to the next try, without reading that out', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(1);
  await page.open('/');
  expect(screen.getByText('Connected')).toBeTruthy();
  lose();
  await waitFor(() => expect(page.server.sockets).toHaveLength(2));
  lose();
  await waitFor(() => expect(page.server.sockets).toHaveLength(3));
  lose();
  const counted = await screen.findByText('Reconnecting in 2 s');
  expect(counted.getAttribute('aria-hidden')).toBe('true');
  expect(screen.getByText('Reconnecting').getAttribute('role')).toBe('status');
  await screen.findByText('Reconnecting in 1 s');
  vi.restoreAllMocks();
});

test('says that it is offline, and sends what was written meanwhile in its order once it is back', async () => {
  const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  await page.open('/');
  act(() => void window.dispatchEvent(new Event('offline')));
  expect(screen.getByText('Offline')).toBeTruthy();
  page.send('one');
  page.send('two');
  expect(screen.getAllByRole('heading', { level: 1 }).map((each) => each.textContent)).toEqual(['New conversation']);
  expect(screen.getAllByText('Sent as soon as you are connected')).toHaveLength(2);
  online.mockReturnValue(true);
  act(() => void window.dispatchEvent(new Event('online')));
  await page.connect(2);
  expect(page.sentTexts).toEqual(['one']);
  const sent = page.server.socket.sent.find((frame) => frame.type === 'send');
  page.server.socket.say({ type: 'run', traceId: 't', ref: sent?.ref, ...runOf('r', 'm2') });
  page.server.socket.say({ type: 'notice', notice: { kind: 'run_ended', runId: 'r', conversationId: 'c1' } });
  expect(page.sentTexts).toEqual(['one', 'two']);
  expect(page.server.socket.sent.at(-1)).toMatchObject({ conversationId: 'c1' });
  online.mockRestore();
});
