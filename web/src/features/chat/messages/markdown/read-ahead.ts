import { loadType } from '../../../../ui/type.ts';
import { whenIdle } from '../../../../ui/when-idle.ts';
import { readBlocks } from './definitions.ts';
import { fenceIn } from './fence.ts';
import { rehearseMaths } from './maths.tsx';
import { parseBlock } from './parse-block.tsx';
import { piecesOf } from './pieces.ts';

/** Reads texts that will most likely be shown, a block at a time while the page has nothing else to do; the last block first. */
export function readAhead(texts: readonly string[]): void {
  const waiting = texts.flatMap((text) => readBlocks([text]).blocks.toReversed());
  const next = () => {
    const block = waiting.shift();
    if (!block) return;
    if (!fenceIn(block.text) && !piecesOf(block.text)) parseBlock({ ...block, open: false });
    whenIdle(next);
  };
  whenIdle(next);
}

/** Of every kind something, as short as can be. */
const sample = [
  'A *word* in **bold**, `code`, a [link](https://example.org) and $$x$$.',
  '- one\n- [ ] two\n\n1. first',
  '| a | b |\n| - | - |\n| 1 | 2 |',
  '> quoted',
].join('\n\n');

/** Words and code. */
const fonts = ['1em "Figtree Variable"', '1em "JetBrains Mono Variable"'];
/** One of each alphabet that these have. */
const letters = 'aĀЖѠΩạ';

/**
 * Gets ready for the first answer while the page has nothing else to do: it is set in type that is there, since for type that
 * arrives all of the page is laid out anew, and what draws maths, which takes long to start, does not start in its middle.
 */
export function getReady(): void {
  readAhead([sample]);
  // Whatever cannot be had now is asked for again where it is needed, and what it is for is shown without it till then.
  whenIdle(() => void Promise.allSettled([rehearseMaths(), loadType(fonts, letters)]));
}
