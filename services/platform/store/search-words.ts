import { readPath, type Tree } from './paths.ts';
import type { AnyCollectionSpec } from './store.ts';

/** Longer words are found by their beginning, larger documents by their first words. */
const maxWordLength = 64;
const maxWords = 20_000;

const marks = /\p{M}+/gu;
const word = /[\p{L}\p{N}]+/gu;

/** The different words of a text, without case and accents. Both adapters index and look up these, so they find the same. */
export function wordsOf(text: string): readonly string[] {
  const plain = text.normalize('NFKD').replace(marks, '').toLowerCase().replace(marks, '');
  const words = new Set<string>();
  for (const [found] of plain.matchAll(word)) {
    words.add(found.slice(0, maxWordLength).toWellFormed());
    if (words.size === maxWords) break;
  }
  return [...words];
}

/** The words by which `search` finds a document. */
export function searchWords(spec: AnyCollectionSpec, doc: Tree): readonly string[] {
  const texts = (spec.text ?? []).map((path) => readPath(doc, path.split('.')));
  return wordsOf(texts.filter((text) => typeof text === 'string').join(' '));
}
