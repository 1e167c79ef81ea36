import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Story } from '#contract/stories.ts';
import { message, refuse } from '../chat/server.fixture.ts';
import { StoryServer, storyOf } from './stories.fixture.tsx';

let server: StoryServer;
beforeEach(() => {
  server = new StoryServer();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const writing = (): Story => {
  const { title, summary, moral, ...story } = storyOf({
    status: 'writing',
    parts: [],
    picture: { state: 'pending' },
    narration: { state: 'pending' },
  });
  return story;
};
const article = () => screen.findByRole('article');
const told = () => screen.findByRole('heading', { level: 1, name: 'The Lamp on the Hill' });

describe('a story that is written', () => {
  const delta = (at: string, text: string, index: number, kind: 'title' | 'text') =>
    server.socket.say({ type: 'delta', runId: 'r1', at, text, part: { index, kind } });

  test('is followed part by part, and becomes what its record says', async () => {
    server.story = writing();
    await server.open('/stories/s1');
    await waitFor(() => expect(server.socket.sent).toContainEqual({ type: 'subscribe', runId: 'r1' }));
    expect((await article()).getAttribute('aria-busy')).toBe('true');
    delta('1-5', 'Lamps', 0, 'title');
    expect((await screen.findByRole('heading', { level: 1, name: 'Lamps' })).textContent).toBe('Lamps');
    delta('1-15', 'One.\n\nTwo.', 1, 'text');
    await screen.findByText('Two.');
    expect(document.querySelectorAll('.story-text p')).toHaveLength(2);
    expect(document.querySelector('.caret')).toBeTruthy();
    expect(document.querySelector('audio')).toBeNull();
    server.story = storyOf();
    server.socket.say({
      type: 'done',
      runId: 'r1',
      at: '1-18446744073709551615',
      message: message('m', { conversationId: 's1' }),
    });
    await told();
    expect(document.querySelector('.caret')).toBeNull();
    expect(document.querySelector('audio')).toBeTruthy();
  });

  test('begins again where its writer did', async () => {
    server.story = writing();
    await server.open('/stories/s1');
    await article();
    delta('1-5', 'Lamps', 0, 'title');
    await screen.findByRole('heading', { level: 1, name: 'Lamps' });
    // The record has more of what is rejected then.
    server.story = { ...writing(), title: 'Lamps', parts: ['A rejected piece.'] };
    server.socket.say({ type: 'notice', notice: { kind: 'story_changed', storyId: 's1' } });
    await screen.findByText('A rejected piece.');
    server.socket.say({ type: 'reset', runId: 'r1', at: '2-0' });
    await waitFor(() => expect(screen.queryByText('A rejected piece.')).toBeNull());
    expect(screen.queryByText('Lamps')).toBeNull();
    expect(document.title).toBe('A story is being written · Lamplight');
    delta('2-5', 'Boats', 0, 'title');
    await screen.findByRole('heading', { level: 1, name: 'Boats' });
    expect(screen.queryByText('A rejected piece.')).toBeNull();
  });

  test('says that nothing is lost while the connection is', async () => {
    server.story = writing();
    await server.open('/stories/s1');
    await article();
    act(() => server.socket.onclose?.({ code: 1012 }));
    expect(await screen.findByText('Reconnecting — nothing is lost')).toBeTruthy();
    expect((await article()).dataset['connection']).toBe('lost');
  });

  test('can be stopped', async () => {
    server.story = writing();
    await server.open('/stories/s1');
    fireEvent.click(await screen.findByRole('button', { name: 'Stop writing' }));
    await waitFor(() => expect(server.requests).toContain('POST /api/runs/r1/stop'));
    server.story = { ...writing(), status: 'stopped' };
    server.socket.say({ type: 'notice', notice: { kind: 'story_changed', storyId: 's1' } });
    expect(await screen.findByText(/You stopped this story/)).toBeTruthy();
  });

  test('that failed says why, and offers another', async () => {
    const error = { code: 'story_unsafe', message: 'It was not fit for children.', traceId: 'abc' } as const;
    server.story = { ...writing(), status: 'failed', error };
    await server.open('/stories/s1');
    expect(await screen.findByText('This story could not be told')).toBeTruthy();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('A story that was not told');
    expect(screen.getByText(/It was not fit for children/)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'New story' }).getAttribute('href')).toBe('/stories/new');
    expect(screen.queryByText('The picture is being drawn')).toBeNull();
    expect(screen.queryByText(/voice/)).toBeNull();
  });
});

describe('a story that was told', () => {
  test('takes in its picture when its notice comes', async () => {
    server.story = storyOf({ picture: { state: 'pending' } });
    await server.open('/stories/s1');
    await screen.findByText('The picture is being drawn');
    server.story = storyOf();
    server.socket.say({ type: 'notice', notice: { kind: 'story_changed', storyId: 's1' } });
    expect(await screen.findByRole('img', { name: 'A lamp on a hill' })).toBeTruthy();
  });

  test('is asked for once more where its voice cannot be loaded, and loads it when the connection is back', async () => {
    await server.open('/stories/s1');
    const audio = await waitFor(() => document.querySelector('audio') ?? expect.fail('There is no voice.'));
    const url = '/api/media/s1-narration?expires=2&signature=d';
    server.story = storyOf({ narration: { ...storyOf().narration, url } });
    fireEvent.error(audio);
    await waitFor(() => expect(audio.getAttribute('src')).toBe(url));
    const load = vi.spyOn(audio, 'src', 'set');
    act(() => server.socket.onclose?.({ code: 1012 }));
    await waitFor(() => expect(server.sockets).toHaveLength(2));
    server.socket.say({ type: 'ready', traceId: 't', maxSubscriptions: 50 });
    expect(load).toHaveBeenCalledWith(url);
    expect(document.querySelector('audio')).toBe(audio);
  });

  test('is kept as a favourite, and says how long it is here', async () => {
    server.others.set('PATCH /api/stories/s1', () => {
      server.story = storyOf({ favourite: true });
      return [200, server.story];
    });
    await server.open('/stories/s1');
    expect(await screen.findByText(/^It is here until \w+day/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Keep as a favourite' }));
    expect(await screen.findByText(/it is kept until you delete it/)).toBeTruthy();
    expect(server.sentTo('PATCH /api/stories/s1')).toEqual({ favourite: true });
    expect(screen.getByRole('button', { name: 'Remove from favourites' })).toBeTruthy();
  });

  test.each([
    ['pending', 'Its mail waits to be sent.'],
    ['ready', 'It was sent to you by mail.'],
    ['failed', 'Its mail could not be sent. The story is all here.'],
    ['skipped', 'It was not sent by mail.'],
  ] as const)('says of its mail that is %s: %s', async (state, words) => {
    server.story = storyOf({ mail: { state } });
    await server.open('/stories/s1');
    expect(await screen.findByText(words)).toBeTruthy();
  });

  test('stays as it is where there is no room for another favourite, and says so', async () => {
    server.others.set('PATCH /api/stories/s1', () => refuse('too_many_items', 409));
    await server.open('/stories/s1');
    fireEvent.click(await screen.findByRole('button', { name: 'Keep as a favourite' }));
    expect(await screen.findByText('The story was not changed')).toBeTruthy();
  });

  test('is shared by a link, which can be withdrawn', async () => {
    const url = 'http://lamplight.test/story#token=secret';
    server.others.set('POST /api/stories/s1/link', () => {
      server.story = storyOf({ shared: true });
      return [200, { url }];
    });
    server.others.set('DELETE /api/stories/s1/link', () => {
      server.story = storyOf();
      return [204];
    });
    await server.open('/stories/s1');
    fireEvent.click(await screen.findByRole('button', { name: 'Share by a link' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Share this story' }));
    expect(dialog.queryByRole('button', { name: 'Withdraw link' })).toBeNull();
    fireEvent.click(dialog.getByRole('button', { name: 'Make a link' }));
    expect(await dialog.findByRole('textbox', { name: 'Link' })).toHaveProperty('value', url);
    fireEvent.click(dialog.getByRole('button', { name: 'Withdraw link' }));
    await waitFor(() => expect(dialog.queryByRole('textbox', { name: 'Link' })).toBeNull());
    expect(await dialog.findByRole('button', { name: 'Make a link' })).toBeTruthy();
    expect(server.requests).toContain('DELETE /api/stories/s1/link');
  });

  test('is deleted after a question, and left', async () => {
    server.others.set('DELETE /api/stories/s1', () => [204]);
    await server.open('/stories/s1');
    fireEvent.click(within(await article()).getByRole('button', { name: 'Delete' }));
    const dialog = within(screen.getByRole('dialog', { name: 'Delete story?' }));
    fireEvent.click(dialog.getByRole('button', { name: 'Delete' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Stories' })).toBeTruthy();
    expect(server.requests).toContain('DELETE /api/stories/s1');
  });

  test('that is gone says so', async () => {
    server.others.set('GET /api/stories/s1', () => refuse('not_found', 404));
    await server.open('/stories/s1');
    expect(await screen.findByText('This story is not here')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Your stories' })).toBeTruthy();
  });
});
