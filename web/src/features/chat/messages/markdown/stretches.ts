/** As many blocks as fill a screen or two. */
const blocksInStretch = 8;

/**
 * Cuts a growing list into stretches: React and the browser look at those, and not at each of hundreds of blocks, with every word.
 * Given what the shorter list came to, a stretch whose blocks are all the same ones is the same one.
 */
export function inStretches<Block>(
  blocks: readonly Block[],
  before: ReadonlyArray<readonly Block[]> = [],
): ReadonlyArray<readonly Block[]> {
  return Array.from({ length: Math.ceil(blocks.length / blocksInStretch) }, (_, index) => {
    const stretch = blocks.slice(index * blocksInStretch, (index + 1) * blocksInStretch);
    const known = before[index];
    return known?.length === stretch.length && known.every((block, at) => block === stretch[at]) ? known : stretch;
  });
}
