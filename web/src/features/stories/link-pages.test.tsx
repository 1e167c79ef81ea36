import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { testEntry } from '../../api/session.fixture.ts';
import { App } from '../../app.tsx';
import { refuse } from '../chat/server.fixture.ts';
import { StoryServer, storyOf } from './stories.fixture.tsx';

let server: StoryServer;
beforeEach(() => {
  localStorage.clear();
  server = new StoryServer();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** As somebody who is not signed in. */
const open = (address: string) =>
  render(
    <MemoryRouter initialEntries={[address]}>
      <App entry={testEntry()} />
    </MemoryRouter>,
  );
const robots = () => document.querySelector('meta[name="robots"]')?.getAttribute('content');
const openRoute = 'POST /api/story-links/open';

describe('the link of a story', () => {
  test('opens it without signing in, listed by nobody', async () => {
    server.others.set(openRoute, () => [200, storyOf()]);
    open('/story#token=s1.1.secret');
    expect((await screen.findByRole('heading', { level: 1 })).textContent).toBe('The Lamp on the Hill');
    expect(server.sentTo(openRoute)).toEqual({ token: 's1.1.secret' });
    expect(robots()).toBe('noindex, nofollow');
    expect(screen.queryByRole('button', { name: /favourite|Share|Delete/ })).toBeNull();
    expect(server.sockets).toHaveLength(0);
    expect(server.requests.some((request) => request.includes('secret'))).toBe(false);
  });

  test('takes in what is still to come, and no longer asks once all is there', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let asked = 0;
    server.others.set(openRoute, () => {
      asked += 1;
      return [200, asked < 3 ? storyOf({ narration: { state: 'pending' } }) : storyOf()];
    });
    open('/story#token=x');
    await screen.findByText(/The voice is being recorded/);
    await waitFor(async () => {
      await act(() => vi.advanceTimersByTimeAsync(1_000));
      expect(document.querySelector('audio')).toBeTruthy();
    });
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(asked).toBe(3);
  });

  test.each(['link_invalid', 'not_found'])('that is worth nothing any more (%s) says so kindly', async (code) => {
    server.others.set(openRoute, () => refuse(code, 400));
    open('/story#token=x');
    expect(await screen.findByText('This story has been put away')).toBeTruthy();
    expect(screen.getByText(/Whoever sent it to you can share it again/)).toBeTruthy();
    expect(robots()).toBe('noindex, nofollow');
  });

  test('without its secret says what to do', async () => {
    open('/story');
    expect(await screen.findByText(/The address is not whole/)).toBeTruthy();
    expect(server.requests).not.toContain(openRoute);
  });

  test('that could not be asked about is tried again', async () => {
    server.others.set(openRoute, () => refuse('store_unavailable', 503));
    open('/story#token=x');
    fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
    server.others.set(openRoute, () => [200, storyOf()]);
    fireEvent.click(await screen.findByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('article')).toBeTruthy();
  });
});

describe('the link at the end of a mail', () => {
  const route = 'POST /api/story-mails/unsubscribe';

  test('stops the mails after one click, and takes its secret out of the address', async () => {
    let token: string | null = null;
    server.others.set(route, (query) => {
      token = query.get('token');
      return [204];
    });
    open('/unsubscribe#token=p.secret');
    const button = await screen.findByRole('button', { name: 'Stop the mails' });
    expect(server.requests.some((request) => request.startsWith(route))).toBe(false);
    fireEvent.click(button);
    expect(await screen.findByRole('heading', { name: 'No more stories by mail' })).toBeTruthy();
    expect(token).toBe('p.secret');
  });

  test('that is not one says so', async () => {
    server.others.set(route, () => refuse('link_invalid', 400));
    open('/unsubscribe#token=x');
    fireEvent.click(await screen.findByRole('button', { name: 'Stop the mails' }));
    expect(await screen.findByText('Use the link of a newer mail.')).toBeTruthy();
  });

  test('without its secret says what to do', async () => {
    open('/unsubscribe');
    expect(await screen.findByText(/lacks the secret of your link/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Stop the mails' })).toBeNull();
  });
});
