import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { type LibraryRecords, libraryOwner, openLibraryRecords } from './library-records.ts';
import {
  fillPrompt,
  presentCharacters,
  presentScenes,
  resolveCharacters,
  resolveScenes,
  settingsOf,
} from './resolve.ts';

let test: TestChat;
let library: LibraryRecords;
let ports: Parameters<typeof settingsOf>[0];

const fox = { name: 'Fox', who: 'A fox.', traits: ['kind'] };
const pond = { place: 'A pond', mood: 'calm', events: ['a leaf floats by'] };

beforeAll(async () => {
  test = await createTestChat();
  library = openLibraryRecords(test.foundation.store);
  ports = { library, accounts: test.foundation.accounts };
  for (const ownerId of ['ada', 'eve', libraryOwner]) {
    await library.characters.insert({
      _id: `fox-${ownerId}`,
      ownerId,
      createdAt: 1,
      ...fox,
      name: `Fox of ${ownerId}`,
    });
    await library.scenes.insert({
      _id: `pond-${ownerId}`,
      ownerId,
      createdAt: 1,
      ...pond,
      place: `Pond of ${ownerId}`,
    });
    await library.prompts.insert({ _id: `hi-${ownerId}`, ownerId, createdAt: 1, title: 'Hi', text: 'Hello {{name}}' });
  }
});
afterAll(() => test.close());

describe('what a story is made of', () => {
  it("is one's own and the library's, in the order asked for, once each, and text alone", async () => {
    const ids = ['library', 'ada', 'library'];
    expect(
      await resolveCharacters(
        ports,
        'ada',
        ids.map((id) => `fox-${id}`),
      ),
    ).toEqual([
      { ...fox, name: 'Fox of library' },
      { ...fox, name: 'Fox of ada' },
    ]);
    expect(
      await resolveScenes(
        ports,
        'ada',
        ids.map((id) => `pond-${id}`),
      ),
    ).toEqual([
      { ...pond, place: 'Pond of library' },
      { ...pond, place: 'Pond of ada' },
    ]);
    expect(await resolveCharacters(ports, 'ada', [])).toEqual([]);
  });

  it.each(['eve', 'nobody'])('is nothing of %s', async (other) => {
    const ids = (kind: string) => [`${kind}-ada`, `${kind}-${other}`];
    await expect(resolveCharacters(ports, 'ada', ids('fox'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(resolveScenes(ports, 'ada', ids('pond'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(fillPrompt(ports, 'ada', `hi-${other}`, { name: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    expect(await presentCharacters(ports, 'ada', ids('fox'))).toEqual([{ ...fox, name: 'Fox of ada' }]);
    expect(await presentScenes(ports, 'ada', ids('pond'))).toEqual([{ ...pond, place: 'Pond of ada' }]);
  });

  it("is a prompt of one's own or of the library, filled in", async () => {
    expect(await fillPrompt(ports, 'ada', 'hi-ada', { name: 'Mila' })).toBe('Hello Mila');
    expect(await fillPrompt(ports, 'ada', 'hi-library', { name: 'Mila' })).toBe('Hello Mila');
    await expect(fillPrompt(ports, 'ada', 'hi-ada', {})).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('settingsOf', () => {
  it('is complete for somebody who said nothing, in English', async () => {
    const plain = { readerName: '', readerAge: 6, language: 'en', minutes: 5, themes: [], avoid: [], style: '' };
    expect(await settingsOf(ports, { id: 'nobody' })).toEqual(plain);
  });

  it("is in the language of the person's mails until they choose another", async () => {
    const { id } = await test.signIn();
    await test.foundation.accounts.records.people.update(id, { set: { language: 'de' } });
    expect(await settingsOf(ports, { id })).toMatchObject({ language: 'de', readerAge: 6 });
    await library.storySettings.insert({ _id: id, settings: { language: 'fr', readerName: 'Mila' } });
    expect(await settingsOf(ports, { id })).toMatchObject({ language: 'fr', readerName: 'Mila', readerAge: 6 });
  });
});
