import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { refuse } from '../chat/server.fixture.ts';
import { StoryServer, storyOf } from './stories.fixture.tsx';

let server: StoryServer;
beforeEach(() => {
  server = new StoryServer();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const items = () => within(screen.getByRole('region', { name: /Yours|Earlier/ })).queryAllByRole('listitem');

describe('my stories', () => {
  test('have tonight’s on top and the others below it', async () => {
    server.others.set('GET /api/stories', () => [
      200,
      { items: [storyOf(), storyOf({ id: 's0', title: 'Yesterday’s Boat', createdAt: daysAgo(1.6) })] },
    ]);
    await server.open('/stories');
    const tonight = await screen.findByRole('region', { name: 'The Lamp on the Hill' });
    expect(within(tonight).getByText('Tonight, for Mia')).toBeTruthy();
    expect(within(tonight).getByRole('link', { name: 'Read or listen' }).getAttribute('href')).toBe('/stories/s1');
    expect(items().map((item) => within(item).getByRole('link').getAttribute('href'))).toEqual(['/stories/s0']);
    expect(document.title).toBe('Stories · Lamplight');
  });

  test('of an evening without one say when the next comes', async () => {
    server.me = { ...server.me, role: 'user' };
    server.others.set('GET /api/stories', () => [200, { items: [] }]);
    const nextAt = new Date(Date.now() + 60_000).toISOString();
    server.others.set('GET /api/schedules', () => [200, { items: [{ name: 'Mia', timeZone: 'UTC', nextAt }] }]);
    await server.open('/stories');
    expect(await screen.findByText('Tonight’s story is not written yet')).toBeTruthy();
    expect(await screen.findByText(/^The next one comes .*: Mia\.$/)).toBeTruthy();
    expect(screen.getByText('Stories go after a while; favourites stay until you delete them.')).toBeTruthy();
  });

  test('never ask for the schedules of a guest', async () => {
    server.others.set('GET /api/stories', () => [200, { items: [] }]);
    await server.open('/stories');
    await screen.findByText('Tonight’s story is not written yet');
    expect(screen.getByRole('link', { name: 'Every evening at 19:15' }).getAttribute('href')).toBe('/schedules');
    await waitFor(() => expect(server.requests).toContain('GET /api/me'));
    expect(server.requests.some((request) => request.includes('/api/schedules'))).toBe(false);
  });

  test('are narrowed to favourites', async () => {
    await server.open('/stories');
    await screen.findByRole('region', { name: 'The Lamp on the Hill' });
    fireEvent.click(screen.getByRole('checkbox', { name: 'Favourites' }));
    expect(await screen.findByText(/^Nothing here yet\. The star/)).toBeTruthy();
    server.story = storyOf({ favourite: true });
    server.socket.say({ type: 'notice', notice: { kind: 'story_changed', storyId: 's1' } });
    await waitFor(() => expect(items()).toHaveLength(1));
    expect(within(items()[0] ?? document.body).getByText('Favourite')).toBeTruthy();
  });

  test('have tonight’s heard in its place, the sentence that is read beside its picture', async () => {
    await server.open('/stories');
    const tonight = within(await screen.findByRole('region', { name: 'The Lamp on the Hill' }));
    expect(tonight.getByText('A lamp that waits for a boat.')).toBeTruthy();
    const audio = document.querySelector('audio') ?? expect.fail('There is no voice.');
    Object.defineProperty(audio, 'paused', { value: false });
    audio.currentTime = 5;
    fireEvent.timeUpdate(audio);
    expect(await tonight.findByText('It was small.')).toBeTruthy();
    expect(tonight.queryByText('A lamp that waits for a boat.')).toBeNull();
  });

  test('say where more of them could not be loaded, and load them after a click', async () => {
    let isAway = true;
    server.others.set('GET /api/stories', (query) => {
      if (!query.get('cursor')) return [200, { items: [storyOf({ createdAt: daysAgo(3) })], nextCursor: 'next' }];
      return isAway ? refuse('forbidden', 403) : [200, { items: [storyOf({ id: 's9', createdAt: daysAgo(9) })] }];
    });
    await server.open('/stories');
    fireEvent.click(await screen.findByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('More of your stories could not be loaded')).toBeTruthy();
    expect(items()).toHaveLength(1);
    isAway = false;
    fireEvent.click(screen.getByRole('button', { name: 'Load them again' }));
    await waitFor(() => expect(items()).toHaveLength(2));
  });

  test('come by pages', async () => {
    server.others.set('GET /api/stories', (query) =>
      query.get('cursor')
        ? [200, { items: [storyOf({ id: 's9', title: 'Older', createdAt: daysAgo(9) })] }]
        : [200, { items: [storyOf({ createdAt: daysAgo(3) })], nextCursor: 'next' }],
    );
    await server.open('/stories');
    fireEvent.click(await screen.findByRole('button', { name: 'Show more' }));
    await waitFor(() => expect(items()).toHaveLength(2));
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  test('say how each goes that was not told', async () => {
    const old = { createdAt: daysAgo(3) };
    const { title, ...untitled } = storyOf(old);
    server.others.set('GET /api/stories', () => [
      200,
      {
        items: [
          { ...untitled, id: 'a', status: 'writing' },
          { ...untitled, id: 'b', status: 'failed' },
          storyOf({ ...old, id: 'c', status: 'stopped' }),
        ],
      },
    ]);
    await server.open('/stories');
    await waitFor(() => expect(items()).toHaveLength(3));
    const texts = items().map(({ textContent }) => textContent);
    expect(texts[0]).toMatch(/A story is being written.*Being written/);
    expect(texts[1]).toMatch(/A story that was not told.*Not told/);
    expect(texts[2]).toMatch(/The Lamp on the Hill.*Stopped/);
  });

  test('that cannot be loaded say so, and are asked for again', async () => {
    server.others.set('GET /api/stories', () => refuse('forbidden', 403));
    await server.open('/stories');
    expect(await screen.findByText('Your stories could not be loaded')).toBeTruthy();
    server.others.set('GET /api/stories', () => [200, { items: [storyOf()] }]);
    fireEvent.click(screen.getByRole('button', { name: 'Load them again' }));
    expect(await screen.findByRole('region', { name: 'The Lamp on the Hill' })).toBeTruthy();
  });
});

describe('a new story', () => {
  const chip = (name: string) => screen.findByRole('checkbox', { name });

  test('is asked for with what was chosen, and opened', async () => {
    server.others.set('POST /api/stories', () => [201, server.story]);
    await server.open('/stories/new');
    fireEvent.change(await screen.findByRole('textbox', { name: 'What is it about?' }), {
      target: { value: 'a hedgehog' },
    });
    fireEvent.click(await chip('Otto'));
    fireEvent.click(await chip('The sea'));
    await waitFor(() => expect(screen.getByRole('radio', { name: '5 minutes' })).toHaveProperty('checked', true));
    fireEvent.click(screen.getByRole('radio', { name: '10 minutes' }));
    expect(screen.getByRole('textbox', { name: 'Who is it for?' })).toHaveProperty('value', 'Mia');
    fireEvent.click(screen.getByRole('button', { name: 'Write the story' }));
    expect((await screen.findByRole('heading', { level: 1, name: 'The Lamp on the Hill' })).textContent).toBeTruthy();
    expect(server.sentTo('POST /api/stories')).toEqual({
      idea: 'a hedgehog',
      characterIds: ['otto'],
      sceneIds: ['sea'],
      settings: { minutes: 10 },
      clientStoryId: expect.stringMatching(/.{16}/),
    });
  });

  test('is told for the age, in the language and in the manner that was chosen, else as usual', async () => {
    server.others.set('POST /api/stories', () => [201, server.story]);
    await server.open('/stories/new');
    const change = (label: string, value: string) =>
      fireEvent.change(screen.getByLabelText(label), { target: { value } });
    expect(await screen.findByLabelText('Age')).toHaveProperty('value', '5');
    expect(screen.getByLabelText('Themes they like')).toHaveProperty('value', 'the sea');
    change('Language', 'de');
    change('What to leave out', 'spiders, , storms,spiders');
    change('In what manner?', 'in rhymes');
    fireEvent.click(screen.getByRole('button', { name: 'Write the story' }));
    await waitFor(() =>
      expect(server.sentTo('POST /api/stories')).toMatchObject({
        settings: { language: 'de', avoid: ['spiders', 'storms'], style: 'in rhymes' },
      }),
    );
    expect(server.sentTo('POST /api/stories')).not.toHaveProperty('settings.readerAge');
    expect(server.sentTo('POST /api/stories')).not.toHaveProperty('settings.themes');
  });

  test('has as many characters as fit', async () => {
    await server.open('/stories/new');
    for (const name of ['Mia', 'Otto', 'Fox', 'Owl', 'Bear']) fireEvent.click(await chip(name));
    expect(await chip('Hare')).toHaveProperty('disabled', true);
    fireEvent.click(await chip('Fox'));
    expect(await chip('Hare')).toHaveProperty('disabled', false);
  });

  test('that may have been lost is asked for again as the same one, and a changed one as another', async () => {
    server.others.set('POST /api/stories', () => refuse('budget_spent', 429));
    await server.open('/stories/new');
    const write = async () => {
      const before = server.bodies.length;
      fireEvent.click(await screen.findByRole('button', { name: 'Write the story' }));
      await waitFor(() => expect(server.bodies.length).toBe(before + 1));
      await waitFor(() =>
        expect(screen.getByRole('button', { name: 'Write the story' })).toHaveProperty('disabled', false),
      );
    };
    await write();
    expect(screen.getByText(/What you chose is kept here/)).toBeTruthy();
    await write();
    fireEvent.change(screen.getByRole('textbox', { name: 'What is it about?' }), { target: { value: 'a fox' } });
    await write();
    const [first, second, third] = server.bodies.map(([, body]) => (body as { clientStoryId: string }).clientStoryId);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('takes up a conversation that it was begun from', async () => {
    const answer = {
      id: 'm2',
      conversationId: 'c1',
      role: 'assistant' as const,
      status: 'complete' as const,
      text: 'Tides come twice a day.',
      createdAt: daysAgo(0),
    };
    server.messages = [answer];
    server.others.set('POST /api/stories', () => [201, server.story]);
    await server.open('/c/c1');
    fireEvent.click(await screen.findByRole('button', { name: 'Make it a story' }));
    expect(await screen.findByText('It takes up what was said last in “Tides”.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Write the story' }));
    await waitFor(() => expect(server.sentTo('POST /api/stories')).toMatchObject({ conversationId: 'c1' }));
  });

  test('can be written although the library cannot be loaded', async () => {
    server.others.set('GET /api/characters', () => refuse('forbidden', 403));
    await server.open('/stories/new');
    expect(await screen.findByRole('button', { name: 'Load again' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Write the story' })).toHaveProperty('disabled', false);
  });
});
