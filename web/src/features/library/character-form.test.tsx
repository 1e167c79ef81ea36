import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { toast } from 'sonner';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { refuse } from '../chat/server.fixture.ts';
import { fenna, LibraryServer, owl } from './library.fixture.ts';

let server: LibraryServer;

beforeEach(() => {
  server = new LibraryServer();
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:chosen');
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
});
afterEach(() => {
  cleanup();
  toast.dismiss();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const open = () => server.open('/stories/characters');
const click = async (name: string) => void fireEvent.click(await screen.findByRole('button', { name }));
const fill = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
const create = 'POST /api/characters';
const setPicture = 'PUT /api/characters/fenna/picture';
const picture = (name = 'fox.png', type = 'image/png', size = 10) => new File([new Uint8Array(size)], name, { type });
const choose = (file: File) =>
  fireEvent.change(screen.getByLabelText('Choose a picture'), { target: { files: [file] } });
const fillFenna = () => {
  fill('Name', 'Fenna');
  fill('Who are they?', fenna.who);
  fill('Trait 1', 'patient');
};
describe('a character', () => {
  const openNew = async () => {
    server.characters = [owl];
    server.others.set(create, () => {
      server.characters = [fenna, owl];
      return [201, fenna];
    });
    await open();
    await click('New character');
    await screen.findByRole('dialog', { name: 'New character' });
  };

  test('is made, with lines added and left empty', async () => {
    await openNew();
    fillFenna();
    fireEvent.click(screen.getByRole('button', { name: 'Add another' }));
    fireEvent.click(screen.getByRole('button', { name: 'Add another' }));
    fill('Trait 3', ' curious ');
    await click('Save');
    expect(await screen.findByText('“Fenna” is saved')).toBeTruthy();
    expect(server.sentTo(create)).toEqual({ name: 'Fenna', who: fenna.who, traits: ['patient', 'curious'] });
    expect(await screen.findByRole('heading', { name: 'Fenna' })).toBeTruthy();
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('without what it needs is not sent; each field says so, and the first has the focus', async () => {
    await openNew();
    await click('Save');
    expect(await screen.findByText('Give the character a name.')).toBeTruthy();
    expect(screen.getByText('Say in a sentence who they are.')).toBeTruthy();
    expect(screen.getByText('Name at least one trait.')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')));
    fill('Name', 'Fenna');
    expect(screen.queryByText('Give the character a name.')).toBeNull();
    expect(server.sentTo(create)).toBeUndefined();
  });

  test('that the server refuses keeps what was written, and says why at the field', async () => {
    await openNew();
    const details = [{ path: 'traits.0', message: 'This trait is too long.' }];
    server.others.set(create, () => [
      400,
      { error: { code: 'invalid_request', message: 'It is not right.', traceId: 'feedbeef', details } },
    ]);
    fillFenna();
    await click('Save');
    expect(await screen.findByText('This trait is too long.')).toBeTruthy();
    expect(screen.getByText('It was not saved')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Copy trace ID feedbeef' })).toBeTruthy();
    const trait = screen.getByLabelText('Trait 1');
    expect([trait.getAttribute('aria-invalid'), (trait as HTMLInputElement).value]).toEqual(['true', 'patient']);
  });

  test('is changed', async () => {
    server.others.set('PATCH /api/characters/fenna', () => {
      server.characters = [{ ...fenna, name: 'Finn' }, owl];
      return [200, server.characters[0]];
    });
    await open();
    await click('Edit Fenna');
    expect(screen.getByLabelText('Trait 2')).toHaveProperty('value', 'curious');
    fireEvent.click(screen.getByRole('button', { name: 'Remove line 1' }));
    fill('Name', 'Finn');
    await click('Save');
    expect(await screen.findByRole('heading', { name: 'Finn' })).toBeTruthy();
    expect(server.sentTo('PATCH /api/characters/fenna')).toEqual({
      name: 'Finn',
      who: fenna.who,
      traits: ['curious'],
    });
  });

  test('that was written and not saved is not closed without a question', async () => {
    await openNew();
    fill('Name', 'Fenna');
    await click('Cancel');
    fireEvent.click(within(await screen.findByRole('dialog', { name: 'Leave without saving?' })).getByText('Keep'));
    expect(screen.getByLabelText('Name')).toHaveProperty('value', 'Fenna');
    await click('Cancel');
    await click('Leave');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  test('gets the picture that was chosen and shown', async () => {
    const address = '/api/characters/fenna/picture?version=2';
    server.others.set(setPicture, () => {
      server.characters = [{ ...fenna, pictureUrl: address }, owl];
      return [200, server.characters[0]];
    });
    await openNew();
    fillFenna();
    const file = picture();
    choose(file);
    expect((await screen.findByRole('img', { name: 'The picture you chose' })).getAttribute('src')).toBe('blob:chosen');
    await click('Leave as it was');
    expect(screen.queryByRole('img', { name: 'The picture you chose' })).toBeNull();
    choose(file);
    await click('Save');
    expect(await screen.findByText('“Fenna” is saved')).toBeTruthy();
    expect(server.sentTo(setPicture)).toBe(file);
    const item = (await screen.findByRole('heading', { name: 'Fenna' })).closest('li');
    expect(item?.querySelector('img')?.getAttribute('src')).toBe(address);
  });

  test('shows its new picture in place of the one before', async () => {
    const address = '/api/characters/fenna/picture?version=2';
    server.others.set(setPicture, () => {
      server.characters = [{ ...fenna, pictureUrl: address }, owl];
      return [200, server.characters[0]];
    });
    await open();
    await click('Edit Fenna');
    choose(picture());
    await click('Save');
    expect(await screen.findByText('“Fenna” is saved')).toBeTruthy();
    const item = screen.getByRole('heading', { name: 'Fenna' }).closest('li');
    await waitFor(() => expect(item?.querySelector('img')?.getAttribute('src')).toBe(address));
    expect(server.allSentTo('PATCH /api/characters/fenna')).toEqual([]);
  });

  test('loses the picture that it was given once that is saved, and not before', async () => {
    const removePicture = 'DELETE /api/characters/fenna/picture';
    server.characters = [{ ...fenna, hasOwnPicture: true }, owl];
    server.others.set(removePicture, () => {
      server.characters = [fenna, owl];
      return [200, fenna];
    });
    await open();
    await click('Edit Fenna');
    await click('Remove the picture');
    expect(screen.getByText(/one is drawn in its place/)).toBeTruthy();
    await click('Leave as it was');
    expect(screen.queryByText(/one is drawn in its place/)).toBeNull();
    await click('Remove the picture');
    expect(server.requests).not.toContain(removePicture);
    await click('Save');
    expect(await screen.findByText('“Fenna” is saved')).toBeTruthy();
    expect(server.requests).toContain(removePicture);
    await click('Edit Fenna');
    expect(screen.queryByRole('button', { name: 'Remove the picture' })).toBeNull();
  });

  test.each([
    [picture('fox.gif', 'image/gif'), 'A picture is a PNG, a JPEG or a WebP. Choose another file.'],
    [picture('fox.png', 'image/png', 5_000_001), /This file has 5.1 MB; at most 5 MB are taken/],
  ])('takes no file that is no picture, or too large', async (file, problem) => {
    await openNew();
    choose(file);
    expect(await screen.findByText(problem)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Leave as it was' })).toBeNull();
  });

  test('forgets the file that it did not take once its picture is to go, or to stay', async () => {
    server.characters = [{ ...fenna, hasOwnPicture: true }, owl];
    await open();
    await click('Edit Fenna');
    for (const name of ['Remove the picture', 'Leave as it was']) {
      choose(picture('fox.gif', 'image/gif'));
      await screen.findByText(/Choose another file/);
      await click(name);
      expect(screen.queryByText(/Choose another file/)).toBeNull();
    }
  });

  test('whose picture was refused is made once, and its picture sent again', async () => {
    server.others.set(setPicture, () => refuse('unsupported_media_type', 415));
    await openNew();
    fillFenna();
    choose(picture());
    await click('Save');
    expect(await screen.findByText('The words are saved, the picture is not')).toBeTruthy();
    expect(await screen.findByRole('heading', { name: 'Fenna' })).toBeTruthy();
    server.others.set(setPicture, () => [200, fenna]);
    await click('Save');
    expect(await screen.findByText('“Fenna” is saved')).toBeTruthy();
    expect(server.allSentTo(create)).toHaveLength(1);
    expect(server.allSentTo(setPicture)).toHaveLength(2);
  });

  test('of a guest gets no picture of their own', async () => {
    server.me = { ...server.me, role: 'guest' };
    await openNew();
    expect(await screen.findByText(/To choose one yourself you need an account/)).toBeTruthy();
    expect(screen.queryByLabelText('Choose a picture')).toBeNull();
  });
});
