import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import { toast } from 'sonner';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { refuse } from '../chat/server.fixture.ts';
import { LibraryServer, moor, pond } from './library.fixture.ts';

let server: LibraryServer;
const create = 'POST /api/scenes';

beforeEach(() => {
  server = new LibraryServer();
});
afterEach(() => {
  cleanup();
  toast.dismiss();
  vi.unstubAllGlobals();
});

const open = () => server.open('/stories/scenes');
const click = async (name: string) => void fireEvent.click(await screen.findByRole('button', { name }));
const fill = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe('scenes', () => {
  test('are mine and the library’s', async () => {
    await open();
    const mine = within(await screen.findByRole('region', { name: 'Yours' }));
    expect(mine.getByRole('heading', { name: 'A pond' })).toBeTruthy();
    const event = mine.getByText('a leaf floats by');
    expect(event.closest('ul')?.dir, 'its marks stand on the side from which it is read').toBe('auto');
    expect(event.dir).toBe('');
    const library = within(screen.getByRole('region', { name: 'From the library' }));
    expect(library.queryByRole('button', { name: /Edit|Delete/ })).toBeNull();
    server.others.set(create, () => [201, { ...moor, id: 'own', source: 'mine' }]);
    fireEvent.click(library.getByRole('button', { name: 'Copy to mine: A moor' }));
    expect(await screen.findByText('“A moor” is among yours now')).toBeTruthy();
  });

  test('that cannot be loaded say so', async () => {
    server.others.set('GET /api/scenes', () => refuse('forbidden', 403));
    await open();
    expect(await screen.findByText('The scenes could not be loaded')).toBeTruthy();
  });

  test('are made, where nothing is missing', async () => {
    server.scenes = [moor];
    server.others.set(create, () => {
      server.scenes = [pond, moor];
      return [201, pond];
    });
    await open();
    await click('Make a scene');
    await click('Save');
    for (const problem of ['Say where it is.', 'Say how it feels there.', 'Name at least one thing that may happen.']) {
      expect(await screen.findByText(problem)).toBeTruthy();
    }
    expect(server.sentTo(create)).toBeUndefined();
    fill('Where is it?', 'A pond');
    fill('How does it feel there?', 'calm');
    fill('Event 1', 'a leaf floats by');
    await click('Save');
    expect(await screen.findByText('“A pond” is saved')).toBeTruthy();
    expect(server.sentTo(create)).toEqual({ place: 'A pond', mood: 'calm', events: ['a leaf floats by'] });
  });

  test('are changed, and keep what was written where that is refused', async () => {
    server.others.set('PATCH /api/scenes/pond', () => refuse('not_found', 404));
    await open();
    await click('Edit A pond');
    fill('How does it feel there?', 'wild');
    await click('Save');
    expect(await screen.findByText('It was not saved')).toBeTruthy();
    expect(screen.getByLabelText('How does it feel there?')).toHaveProperty('value', 'wild');
    server.others.set('PATCH /api/scenes/pond', () => [200, { ...pond, mood: 'wild' }]);
    await click('Save');
    expect(await screen.findByText('“A pond” is saved')).toBeTruthy();
  });

  test('are deleted after a question', async () => {
    server.others.set('DELETE /api/scenes/pond', () => {
      server.scenes = [moor];
      return [204];
    });
    await open();
    await click('Delete A pond');
    fireEvent.click(
      within(screen.getByRole('dialog', { name: 'Delete scene?' })).getByRole('button', { name: 'Delete' }),
    );
    expect(await screen.findByText('“A pond” is deleted')).toBeTruthy();
    expect(screen.queryByRole('heading', { name: 'A pond' })).toBeNull();
  });
});
