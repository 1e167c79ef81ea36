import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { characterText, promptText, sceneText } from '#contract/story-parts.ts';
import { maxVariables, variablesOf } from './prompt-variables.ts';

/** By it an entry is known again when its text changes. */
const entryId = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is made of small letters, digits and single hyphens, such as "old-owl"');

const promptEntry = z
  .strictObject({ id: entryId, ...promptText.shape })
  .refine(({ text }) => variablesOf(text).length <= maxVariables, {
    path: ['text'],
    message: `has more than ${maxVariables} variables`,
  });
const entries = {
  characters: z.strictObject({ id: entryId, ...characterText.shape }),
  scenes: z.strictObject({ id: entryId, ...sceneText.shape }),
  prompts: promptEntry,
} as const;

type LibraryKind = keyof typeof entries;

/** What a file of the library holds, in its order. */
export type LibraryFiles = { readonly [K in LibraryKind]: readonly z.output<(typeof entries)[K]>[] };

const maxEntries = 1_000;

/** What is wrong with the files of a library: each mistake with its file and place. */
export class LibraryError extends Error {
  readonly problems: readonly string[];

  constructor(folder: string, problems: readonly string[]) {
    super(
      `The library in ${folder} is not right, and nothing was changed:\n${problems.map((each) => `  - ${each}`).join('\n')}`,
    );
    this.name = 'LibraryError';
    this.problems = problems;
  }
}

/** Reads `characters.json`, `scenes.json` and `prompts.json` of a folder. Throws `LibraryError` with every mistake in all of them. */
export async function readLibrary(folder: string): Promise<LibraryFiles> {
  const problems: string[] = [];
  const add = (problem: string) => void problems.push(problem);
  const characters = await readEntries(join(folder, 'characters.json'), entries.characters, add);
  const scenes = await readEntries(join(folder, 'scenes.json'), entries.scenes, add);
  const prompts = await readEntries(join(folder, 'prompts.json'), entries.prompts, add);
  if (problems.length > 0) throw new LibraryError(folder, problems);
  return { characters, scenes, prompts };
}

async function readEntries<T>(path: string, schema: z.ZodType<T>, add: (problem: string) => void): Promise<T[]> {
  const file = basename(path);
  const list = await readList(path, (problem) => add(`${file} ${problem}`));
  const found: T[] = [];
  const places = new Map<string, number>();
  list.forEach((entry, index) => {
    const place = placeOf(entry, index);
    const { success, data, error } = schema.safeParse(entry);
    for (const { path, message } of error?.issues ?? [])
      add(`${file}, ${place}${path.length > 0 ? `, ${path.join('.')}` : ''}: ${message}`);
    const id = idOf(entry);
    const before = id === undefined ? undefined : places.get(id);
    if (before !== undefined) add(`${file}, ${place}: entry ${before} has this id already`);
    else if (id !== undefined) places.set(id, index + 1);
    if (success) found.push(data);
  });
  return found;
}

async function readList(path: string, add: (problem: string) => void): Promise<readonly unknown[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    add(`cannot be read: ${messageOf(error)}`);
    return [];
  }
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.length <= maxEntries) return value;
    add(Array.isArray(value) ? `has more than ${maxEntries} entries` : 'is not a list');
  } catch (error) {
    add(`is not JSON: ${messageOf(error)}`);
  }
  return [];
}

/** On one line: a parser quotes what stands around a mistake. */
const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');

const idOf = (entry: unknown): string | undefined =>
  typeof entry === 'object' && entry !== null && 'id' in entry && typeof entry.id === 'string' ? entry.id : undefined;

/** As a person counts: from 1. */
const placeOf = (entry: unknown, index: number): string => {
  const id = idOf(entry);
  return `entry ${index + 1}${id === undefined ? '' : ` (${id.slice(0, 64)})`}`;
};
