import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LibraryError, readLibrary } from './library-files.ts';
import { variablesOf } from './prompt-variables.ts';

const ours = resolve(import.meta.dirname, '../../../library');
const owl = { id: 'owl', name: 'Owl', who: 'An owl.', traits: ['wise'] };
const moor = { id: 'moor', place: 'A moor', mood: 'wide', events: ['rain'] };
const hello = { id: 'hello', title: 'Hello', text: 'Hello {{name}}' };

describe('the library that comes with the product', async () => {
  const { characters, scenes, prompts } = await readLibrary(ours);

  it('has enough of everything', () => {
    expect(characters.length).toBeGreaterThanOrEqual(24);
    expect(scenes.length).toBeGreaterThanOrEqual(24);
    expect(prompts.length).toBeGreaterThanOrEqual(8);
  });

  it('has three traits of each character and three events of each scene, none of them twice', () => {
    for (const { id, traits } of characters) expect(new Set(traits).size, id).toBe(3);
    for (const { id, events } of scenes) expect(new Set(events).size, id).toBe(3);
  });

  it('says nothing twice', () => {
    const once = (texts: readonly string[]) => {
      const same = texts.map((text) => text.toLowerCase());
      expect(same.filter((text, at) => same.indexOf(text) !== at)).toEqual([]);
    };
    once([...characters, ...scenes, ...prompts].map(({ id }) => id));
    once(characters.map(({ name }) => name));
    once(characters.map(({ who }) => who));
    once(characters.flatMap(({ traits }) => traits));
    once(scenes.map(({ place }) => place));
    once(scenes.flatMap(({ events }) => events));
    once(prompts.map(({ title }) => title));
  });

  it('is told in lines that a card holds', () => {
    for (const { id, who, traits } of characters) {
      expect(who.length, id).toBeGreaterThan(30);
      expect(who.length, id).toBeLessThanOrEqual(140);
      for (const trait of traits) expect(trait.length, id).toBeLessThanOrEqual(50);
    }
    for (const { id, place, events } of scenes) {
      expect(place.length, id).toBeLessThanOrEqual(100);
      for (const event of events) expect(event.length, id).toBeLessThanOrEqual(90);
    }
  });

  it('has something to fill in in every prompt', () => {
    for (const { id, text } of prompts) {
      expect(variablesOf(text).length, id).toBeGreaterThan(0);
      expect(text.replace(/\{\{[^{}]+\}\}/g, ''), id).not.toMatch(/[{}]/);
    }
  });
});

describe('a library in another folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamplight-library-'));
    await write('characters', [owl]);
    await write('scenes', [moor]);
    await write('prompts', [hello]);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = (kind: string, content: unknown) =>
    writeFile(join(folder, `${kind}.json`), typeof content === 'string' ? content : JSON.stringify(content));
  const problems = async (): Promise<readonly string[]> => {
    try {
      await readLibrary(folder);
    } catch (error) {
      if (error instanceof LibraryError) return error.problems;
      throw error;
    }
    return [];
  };

  it('is read in its order, and may be empty', async () => {
    expect(await readLibrary(folder)).toEqual({ characters: [owl], scenes: [moor], prompts: [hello] });
    for (const kind of ['characters', 'scenes', 'prompts']) await write(kind, []);
    expect(await readLibrary(folder)).toEqual({ characters: [], scenes: [], prompts: [] });
  });

  it('with mistakes is refused with all of them at once, each with its file and place', async () => {
    await rm(join(folder, 'scenes.json'));
    await write('prompts', `[\n${' '.repeat(200)}{"id": }\n${' '.repeat(200)}]`);
    await write('characters', [
      owl,
      { ...owl, id: 'Old Owl' },
      { ...owl, name: 'Second' },
      { ...owl, id: 'long', name: 'x'.repeat(61), traits: ['a', 'b', ''] },
      { ...owl, id: 'odd', colour: 'red' },
      'owl',
    ]);
    expect(await problems()).toEqual([
      expect.stringMatching(/^characters\.json, entry 2 \(Old Owl\), id: is made of small letters/),
      'characters.json, entry 3 (owl): entry 1 has this id already',
      expect.stringMatching(/^characters\.json, entry 4 \(long\), name: .*60/),
      expect.stringMatching(/^characters\.json, entry 4 \(long\), traits\.2: /),
      expect.stringMatching(/^characters\.json, entry 5 \(odd\): .*colour/),
      expect.stringMatching(/^characters\.json, entry 6: /),
      expect.stringMatching(/^scenes\.json cannot be read: ENOENT/),
      expect.stringMatching(/^prompts\.json is not JSON: .*\{"id": \}/),
    ]);
  });

  it.each([
    ['an object', {}, 'is not a list'],
    ['null', 'null', 'is not a list'],
    [
      'too many entries',
      Array.from({ length: 1_001 }, (_, n) => ({ ...owl, id: `owl-${n}` })),
      'more than 1000 entries',
    ],
    ['no traits', [{ ...owl, traits: [] }], 'traits'],
    ['an entry without an id', [{ ...owl, id: undefined }], 'id: '],
  ])('is not %s', async (_what, content, says) => {
    await write('characters', content);
    expect(await problems()).toEqual([expect.stringContaining(says)]);
  });

  it('has prompts with no more variables than a form should have', async () => {
    await write('prompts', [{ ...hello, text: Array.from({ length: 21 }, (_, n) => `{{v${n}}}`).join('') }]);
    expect(await problems()).toEqual(['prompts.json, entry 1 (hello), text: has more than 20 variables']);
  });
});
