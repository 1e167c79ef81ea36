import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { Link, MemoryRouter } from 'react-router';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EntryContext } from '../../api/entry-context.ts';
import { testEntry } from '../../api/session.fixture.ts';
import type { After } from '../../api/timers.ts';
import { App } from '../../app.tsx';
import { refuse } from '../chat/server.fixture.ts';
import { OpenedStoryPage } from './opened-story-page.tsx';
import { StoryServer, storyOf } from './stories.fixture.tsx';

let server: StoryServer;
beforeEach(() => {
  localStorage.clear();
  server = new StoryServer();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
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

/** A story whose voice is still to come, and what is to be done when it is time to look again. */
function openUnvoiced(): ReadonlyArray<() => void> {
  const waiting: Array<() => void> = [];
  const after: After = (_, callback) => {
    waiting.push(callback);
    return () => {};
  };
  server.others.set(openRoute, () => [200, storyOf({ narration: { state: 'pending' } })]);
  render(
    <MemoryRouter initialEntries={['/story#token=x']}>
      <EntryContext value={testEntry()}>
        <OpenedStoryPage after={after} />
      </EntryContext>
    </MemoryRouter>,
  );
  return waiting;
}

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

  test('opens the other story where the link in the address becomes another', async () => {
    const answers: Array<(reply: [number, unknown]) => void> = [];
    server.others.set(openRoute, () => new Promise((resolve) => answers.push(resolve)));
    render(
      <MemoryRouter initialEntries={['/story#token=one']}>
        <App entry={testEntry()} />
        <Link to="/story#token=two">The other one</Link>
      </MemoryRouter>,
    );
    await waitFor(() => expect(answers).toHaveLength(1));
    answers[0]?.([200, storyOf()]);
    await screen.findByRole('heading', { name: 'The Lamp on the Hill' });
    fireEvent.click(screen.getByText('The other one'));
    await waitFor(() => expect(answers).toHaveLength(2));
    expect(server.sentTo(openRoute)).toEqual({ token: 'two' });
    expect(screen.queryByRole('heading')).toBeNull();
    answers[1]?.([200, storyOf({ title: 'The Other Hill' })]);
    await screen.findByRole('heading', { name: 'The Other Hill' });
  });

  test('takes in what is still to come, and no longer asks once all is there', async () => {
    const waiting = openUnvoiced();
    await screen.findByText(/The voice is being recorded/);
    for (const rounds of [1, 2]) {
      await waitFor(() => expect(waiting).toHaveLength(rounds));
      if (rounds === 2) server.others.set(openRoute, () => [200, storyOf()]);
      act(() => waiting[rounds - 1]?.());
    }
    await waitFor(() => expect(document.querySelector('audio')).toBeTruthy());
    expect(waiting).toHaveLength(2);
    expect(server.requests.filter((request) => request === openRoute)).toHaveLength(3);
  });

  test('goes on asking for what is to come where one question failed', async () => {
    const waiting = openUnvoiced();
    await waitFor(() => expect(waiting).toHaveLength(1));
    server.others.set(openRoute, () => refuse('store_unavailable', 503));
    act(() => waiting[0]?.());
    await waitFor(() => expect(waiting).toHaveLength(2));
    expect(screen.getByRole('article')).toBeTruthy();
    server.others.set(openRoute, () => [200, storyOf()]);
    act(() => waiting[1]?.());
    await waitFor(() => expect(document.querySelector('audio')).toBeTruthy());
  });

  test('asks for it once more where its voice cannot be loaded, and takes its new address', async () => {
    server.others.set(openRoute, () => [200, storyOf()]);
    open('/story#token=x');
    const audio = await waitFor(() => document.querySelector('audio') ?? expect.fail('There is no voice.'));
    const url = '/api/media/s1-narration?expires=2&signature=d';
    server.others.set(openRoute, () => [200, storyOf({ narration: { ...storyOf().narration, url } })]);
    fireEvent.error(audio);
    await waitFor(() => expect(audio.getAttribute('src')).toBe(url));
    expect(document.querySelector('audio')).toBe(audio);
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
