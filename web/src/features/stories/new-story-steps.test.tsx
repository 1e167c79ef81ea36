import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { refuse } from '../chat/server.fixture.ts';
import { characterOf, StoryServer } from './stories.fixture.tsx';

let server: StoryServer;
beforeEach(() => {
  server = new StoryServer();
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const page = '/stories/new';
const idea = () => screen.findByRole('textbox', { name: 'What is it about?' });
const write = async () => fireEvent.click(await screen.findByRole('button', { name: 'Write the story' }));
const change = async (element: Promise<HTMLElement>, value: string) =>
  void fireEvent.change(await element, { target: { value } });
const summary = () => within(screen.getByRole('region', { name: /What will be told/ }));

describe('the steps to a story', () => {
  test('end with what will be told', async () => {
    await server.open(page);
    await screen.findByRole('checkbox', { name: 'Otto' });
    await waitFor(() => expect(summary().getByText('Mia, 5 years old')).toBeTruthy());
    expect(summary().getAllByText('the writer chooses')).toHaveLength(3);
    await change(idea(), 'a hedgehog');
    for (const name of ['Otto', 'Fox', 'The sea']) fireEvent.click(screen.getByRole('checkbox', { name }));
    fireEvent.click(screen.getByRole('radio', { name: '10 minutes' }));
    await change(screen.findByLabelText('Language'), 'de');
    for (const text of ['a hedgehog', 'Otto and Fox', 'The sea', '10 minutes, in German', 'the sea']) {
      expect(summary().getByText(text)).toBeTruthy();
    }
  });

  test('show one’s own characters first, and the library’s although there are a hundred of them', async () => {
    const own = Array.from({ length: 100 }, (_, index) => ({
      ...characterOf(`own${index}`, `Own ${index}`),
      source: 'mine' as const,
    }));
    server.others.set('GET /api/characters', (query) =>
      query.get('cursor') ? [200, { items: [characterOf('fox', 'Fox')] }] : [200, { items: own, nextCursor: 'more' }],
    );
    await server.open(page);
    const fox = await screen.findByRole('checkbox', { name: 'Fox' });
    const first = screen.getByRole('checkbox', { name: 'Own 0' });
    expect(first.compareDocumentPosition(fox) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    expect(screen.queryByRole('checkbox', { name: 'Own 50' })).toBeNull();
    fireEvent.change(screen.getByRole('searchbox', { name: 'Find by name' }), { target: { value: 'own 50' } });
    expect(screen.getByRole('checkbox', { name: 'Own 50' })).toBeTruthy();
    expect(screen.queryByRole('checkbox', { name: 'Fox' })).toBeNull();
    fireEvent.change(screen.getByRole('searchbox', { name: 'Find by name' }), { target: { value: 'nobody' } });
    expect(screen.getByText('None has this name.')).toBeTruthy();
  });
});

describe('what was chosen', () => {
  test('is there after a reload, and is forgotten where one starts over', async () => {
    await server.open(page);
    await change(idea(), 'a hedgehog');
    fireEvent.click(await screen.findByRole('checkbox', { name: 'Otto' }));
    await server.reload(page);
    expect(await idea()).toHaveProperty('value', 'a hedgehog');
    expect(await screen.findByRole('checkbox', { name: 'Otto' })).toHaveProperty('checked', true);
    expect(screen.getByText('What you chose before is still here.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Start over' }));
    expect(await idea()).toHaveProperty('value', '');
    await server.reload(page);
    expect(await idea()).toHaveProperty('value', '');
    expect(screen.queryByText('What you chose before is still here.')).toBeNull();
  });

  test('is not shown to another person', async () => {
    await server.open(page);
    await change(idea(), 'a secret');
    await server.reload(page, 'bob');
    expect(await idea()).toHaveProperty('value', '');
  });

  test('is forgotten once its story is begun', async () => {
    server.others.set('POST /api/stories', () => [201, server.story]);
    await server.open(page);
    await change(idea(), 'a hedgehog');
    await write();
    await screen.findByRole('heading', { level: 1, name: 'The Lamp on the Hill' });
    await server.reload(page);
    expect(await idea()).toHaveProperty('value', '');
  });

  test('does not break the page where what the browser kept makes no sense', async () => {
    await server.open(page);
    sessionStorage.setItem('lamplight.newStory', '{"person":');
    await server.reload(page);
    expect(await idea()).toHaveProperty('value', '');
  });
});

describe('a saved prompt', () => {
  test('of the address asks for its variables, and makes the story', async () => {
    server.others.set('POST /api/stories', () => [201, server.story]);
    await server.open(`${page}?prompt=evening`);
    await change(screen.findByRole('textbox', { name: 'name' }), 'Ida');
    expect(summary().getByText('An evening with Ida')).toBeTruthy();
    expect(screen.queryByRole('textbox', { name: 'What is it about?' })).toBeNull();
    await write();
    await waitFor(() =>
      expect(server.sentTo('POST /api/stories')).toMatchObject({ promptId: 'evening', promptValues: { name: 'Ida' } }),
    );
    expect(server.sentTo('POST /api/stories')).not.toHaveProperty('idea');
  });

  test('is chosen, or left for a line of one’s own', async () => {
    await server.open(page);
    await change(screen.findByLabelText('Saved prompt'), 'evening');
    expect(await screen.findByRole('textbox', { name: 'name' })).toBeTruthy();
    await change(screen.findByLabelText('Saved prompt'), '');
    expect(await idea()).toBeTruthy();
  });

  test('that is gone says so', async () => {
    await server.open(`${page}?prompt=gone`);
    expect(await screen.findByText(/is not here any more/)).toBeTruthy();
    expect(await idea()).toBeTruthy();
  });

  test('that cannot be loaded is waited for, or done without', async () => {
    server.others.set('GET /api/prompts', () => refuse('forbidden', 403));
    await server.open(`${page}?prompt=evening`);
    expect(await screen.findByText(/Your saved prompts could not be loaded/)).toBeTruthy();
    const begin = screen.getByRole('button', { name: 'Write the story' });
    expect(begin).toHaveProperty('disabled', true);
    fireEvent.click(screen.getByRole('button', { name: 'Write a line instead' }));
    await waitFor(() => expect(begin).toHaveProperty('disabled', false));
  });
});

test('a conversation is left out again', async () => {
  server.others.set('POST /api/stories', () => [201, server.story]);
  await server.open(`${page}?conversation=c1`);
  expect(await screen.findByText('It takes up what was said last in “Tides”.')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Without the conversation' }));
  await write();
  await waitFor(() => expect(server.sentTo('POST /api/stories')).toBeTruthy());
  expect(server.sentTo('POST /api/stories')).not.toHaveProperty('conversationId');
});
