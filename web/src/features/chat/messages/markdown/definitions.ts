import type { Rope } from '../../../../api/rope.ts';
import { type Split, splitBlocks } from './split-blocks.ts';

/** A block with what it needs of the rest of the text to be read alone. */
export interface Block {
  readonly text: string;
  /** Where the links and notes that it names are defined, as Markdown; empty where it names none. */
  readonly definitions: string;
}

export interface Reading {
  readonly split: Split;
  /** All definitions, as one text: blocks are looked through again only when it changes. */
  readonly defined: string;
  readonly blocks: readonly Block[];
}

const definition = /^ {0,3}\[((?:[^\]\\\n]|\\.){1,200})\]:[ \t]*\S.*$/;
/** A text that defines more is an attack. */
const mostDefinitions = 300;
/** What a note says where only its number is needed. */
export const stub = '\u{e000}';

/** Cuts a text into blocks; `before`, what the shorter text came to, saves reading it again. */
export function readBlocks(text: Rope, before?: Reading): Reading {
  const split = splitBlocks(text, before?.split);
  if (before && split === before.split) return before;
  const definitions = definitionsIn(split.blocks);
  const defined = [...definitions.values()].join('\n');
  const isKnown = defined === before?.defined;
  const blocks = split.blocks.map((block, index) => {
    const known = isKnown ? before?.blocks[index] : undefined;
    return known?.text === block ? known : { text: block, definitions: neededBy(block, definitions) };
  });
  return { split, defined, blocks };
}

function definitionsIn(blocks: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const block of blocks) {
    if (!/^\s*\[/.test(block)) continue;
    for (const line of block.trimStart().split('\n')) {
      const [whole, label] = definition.exec(line) ?? [];
      if (whole === undefined || label === undefined || found.size >= mostDefinitions) break;
      const key = label.toLowerCase();
      if (!found.has(key)) found.set(key, label.startsWith('^') ? `[${label}]: ${stub}` : whole);
    }
  }
  return found;
}

function neededBy(block: string, definitions: ReadonlyMap<string, string>): string {
  if (definitions.size === 0 || !block.includes('[')) return '';
  const lower = block.toLowerCase();
  return [...definitions].flatMap(([label, line]) => (lower.includes(`[${label}]`) ? line : [])).join('\n');
}
