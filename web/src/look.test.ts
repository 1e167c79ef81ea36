/// <reference types="node" />
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(tsx|css)$/.test(path) && !/\.(test|fixture)\.tsx$/.test(path))
  .map((path) => ({ path, code: readFileSync(join(import.meta.dirname, path), 'utf8') }));

/** Every match outside the files that may have it, with its file. */
const found = (pattern: RegExp, allowed: readonly string[] = []): readonly string[] =>
  sources
    .filter(({ path }) => !allowed.includes(path))
    .flatMap(({ path, code }) => [...code.matchAll(pattern)].map(([match]) => `${path}: ${match}`));

it('has its colours from the tokens alone', () => {
  expect(found(/\b(?:oklch|oklab|rgba?|hsla?)\(|(?<=[\s:[])#[0-9a-f]{3,8}\b(?=[\s;\]"'])/gi, ['tokens.css'])).toEqual(
    [],
  );
});

it('has its text sizes and radii from the tokens alone', () => {
  expect(found(/\b(?:text|rounded)-\[[\d.]+(?:rem|px|em)\]/g)).toEqual([]);
});

it('moves for 180 ms at most, and for longer only what waits: the caret and skeletons', () => {
  const longer = found(/\b(?:duration-|animate-\[\w+_)?\d+ms\b|\bduration-\d+\b/g).filter(
    (match) => Number(/(\d+)(?:ms)?$/.exec(match)?.[1]) > 180,
  );
  expect(longer).toEqual([]);
  expect(found(/animation: [^;]*infinite/g).map((match) => /animation: ([\w-]+)/.exec(match)?.[1])).toEqual(
    expect.arrayContaining(['breathe-still', 'breathe']),
  );
  expect(found(/infinite|animate-(?:spin|ping|pulse|bounce)/g)).toHaveLength(2);
});

it('glows where somebody arrives, in the empty conversation and behind a cover', () => {
  const glowing = found(/(?<=["'` ])glow(?=["'` ])|glow\b(?=\s*[{,])/g).map((match) => match.split(':')[0]);
  expect(new Set(glowing)).toEqual(new Set(['app.css', 'ui/full-page.tsx', 'features/chat/chat-screen.tsx']));
});
