import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { toast } from 'sonner';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { refuse } from '../chat/server.fixture.ts';
import { fenna, LibraryServer, owl } from './library.fixture.ts';

let server: LibraryServer;

beforeEach(() => {
  server = new LibraryServer();
});
afterEach(() => {
  cleanup();
  toast.dismiss();
  vi.unstubAllGlobals();
});

const open = () => server.open('/stories/characters');
const click = async (name: string) => void fireEvent.click(await screen.findByRole('button', { name }));
const section = async (name: string) => within(await screen.findByRole('region', { name }));
const create = 'POST /api/characters';
type Sight = (entries: readonly { readonly isIntersecting: boolean }[]) => void;
/** The page sees its own end when this is called. */
function stubSight(): () => void {
  const watching = new Set<Sight>();
  vi.stubGlobal('IntersectionObserver', function (this: object, sight: Sight) {
    return { observe: () => watching.add(sight), disconnect: () => watching.delete(sight) };
  });
  return () =>
    act(() => {
      for (const sight of [...watching]) sight([{ isIntersecting: true }]);
    });
}

describe('characters', () => {
  test('are mine, which can be changed, and the library’s, which can only be copied', async () => {
    await open();
    const mine = await section('Yours');
    expect(mine.getByRole('heading', { level: 3, name: 'Fenna' })).toBeTruthy();
    expect(mine.getByText(fenna.who)).toBeTruthy();
    expect(mine.getByText('curious')).toBeTruthy();
    expect(mine.getByRole('button', { name: 'Edit Fenna' })).toBeTruthy();
    const library = await section('From the library');
    expect(library.getByRole('heading', { level: 3, name: 'Owl' })).toBeTruthy();
    expect(library.queryByRole('button', { name: /Edit|Delete/ })).toBeNull();
    expect(screen.getByRole('link', { name: 'Characters' }).getAttribute('aria-current')).toBe('page');
  });

  test('show that they are on their way', async () => {
    const { fetch } = server;
    vi.stubGlobal('fetch', (input: string, init?: RequestInit) =>
      input.startsWith('/api/characters') ? new Promise(() => {}) : fetch(input, init),
    );
    await open();
    expect(await screen.findByText('Loading')).toBeTruthy();
  });

  test('that I have none of say what they are for', async () => {
    server.characters = [owl];
    await open();
    expect(await screen.findByText('None of your own yet')).toBeTruthy();
    await click('Make a character');
    expect(await screen.findByRole('dialog', { name: 'New character' })).toBeTruthy();
  });

  test('that cannot be loaded say why, with the trace ID, and are loaded again', async () => {
    server.others.set('GET /api/characters', () => refuse('forbidden', 403));
    await open();
    expect(await screen.findByText('The characters could not be loaded')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Copy trace ID feedbeef00000000' })).toBeTruthy();
    server.others.set('GET /api/characters', () => [200, { items: [fenna] }]);
    await click('Load them again');
    expect(await screen.findByRole('heading', { name: 'Fenna' })).toBeTruthy();
  });

  test('are loaded further as the end comes near, and say where that fails', async () => {
    const see = stubSight();
    let isBroken = true;
    server.others.set('GET /api/characters', (query) => {
      if (!query.get('cursor')) return [200, { items: [fenna], nextCursor: 'library.' }];
      return isBroken ? refuse('forbidden', 403) : [200, { items: [owl] }];
    });
    await open();
    await screen.findByRole('heading', { name: 'Fenna' });
    expect(screen.queryByRole('heading', { name: 'Owl' })).toBeNull();
    see();
    expect(await screen.findByText('More could not be loaded')).toBeTruthy();
    isBroken = false;
    await click('Load more');
    expect(await screen.findByRole('heading', { name: 'Owl' })).toBeTruthy();
  });

  test('are searched whole, by all that they say', async () => {
    stubSight();
    server.others.set('GET /api/characters', (query) =>
      query.get('cursor') ? [200, { items: [owl] }] : [200, { items: [fenna], nextCursor: 'library.' }],
    );
    await open();
    await screen.findByRole('heading', { name: 'Fenna' });
    fireEvent.change(screen.getByRole('searchbox', { name: 'Search characters' }), { target: { value: 'SLEEP' } });
    expect(await screen.findByRole('heading', { name: 'Owl' })).toBeTruthy();
    expect(screen.queryByRole('heading', { name: 'Fenna' })).toBeNull();
    expect(screen.getByText('1 found')).toBeTruthy();
    fireEvent.change(screen.getByRole('searchbox', { name: 'Search characters' }), { target: { value: 'zebra' } });
    expect(await screen.findByText('Nothing here has these words.')).toBeTruthy();
  });

  test('of the library become mine', async () => {
    server.others.set(create, () => [201, { ...owl, id: 'mine', source: 'mine' }]);
    await open();
    await click('Copy to mine: Owl');
    expect(await screen.findByText('“Owl” is among yours now')).toBeTruthy();
    expect(server.sentTo(create)).toEqual({ name: 'Owl', who: owl.who, traits: owl.traits });
  });

  test('that may not be copied say so', async () => {
    server.others.set(create, () => refuse('too_many_items', 409));
    await open();
    await click('Copy to mine: Owl');
    expect(await screen.findByText('It was not copied')).toBeTruthy();
  });

  test('whose picture cannot be shown have a letter in its place', async () => {
    await open();
    const item = (await screen.findByRole('heading', { name: 'Fenna' })).closest('li');
    const shown = () => item?.querySelector('img');
    expect(shown()?.getAttribute('src')).toBe(fenna.pictureUrl);
    vi.useFakeTimers();
    for (let failures = 0; failures < 3; failures += 1) {
      const image = shown();
      if (image) fireEvent.error(image);
      act(() => void vi.advanceTimersByTime(60_000));
    }
    vi.useRealTimers();
    expect(item && within(item).getByText('F')).toBeTruthy();
  });

  test('are deleted after a question', async () => {
    server.others.set('DELETE /api/characters/fenna', () => {
      server.characters = [owl];
      return [204];
    });
    await open();
    await click('Delete Fenna');
    const dialog = within(screen.getByRole('dialog', { name: 'Delete character?' }));
    expect(dialog.getByText(/“Fenna” will be gone for good/)).toBeTruthy();
    fireEvent.click(dialog.getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('“Fenna” is deleted')).toBeTruthy();
    expect(screen.queryByRole('heading', { name: 'Fenna' })).toBeNull();
  });

  test('that could not be deleted stay, and say so', async () => {
    server.others.set('DELETE /api/characters/fenna', () => refuse('not_found', 404));
    await open();
    await click('Delete Fenna');
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('“Fenna” was not deleted')).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'Fenna' })).toBeTruthy();
  });
});
