import { beginsWith, emptyRope, lengthOf, type Rope, textFrom } from '../../../../api/rope.ts';

/** A line that opens a fence of code (its marks) or of maths (`$$`, `\[`), outside of a list. */
const codeFence = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const mathsFence = /^ {0,3}(\$\$|\\\[)[^$\]]*$/;
const heading = /^#{1,6}(?:[ \t]|$)/;
const listItem = /^ {0,3}(?:[-+*]|\d{1,9}[.)])(?:\s|$)/;
/** A line across, which may begin as an item does. */
export const thematicBreak = /^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$/m;
/** An item: how far its mark is indented, the mark, and the space before its text. */
const marked = /^( {0,3})([-+*]|\d{1,9}[.)])([ \t]+)\S/;
/** What may be (or become, while it streams) a list item. */
const maybeListItem = /^ {0,3}(?:[-+*]|\d)/;
/** Where a footnote is explained: what is indented below it belongs to it. */
const footnote = /^\[\^[^\]\s]+\]:/;
const indented = /^(?: |\t)/;
const deepIndented = /^(?: {4}|\t)/;

/** A text and the blocks it was cut into. */
export interface Split {
  readonly text: Rope;
  readonly blocks: readonly string[];
}

const nothing: Split = { text: emptyRope, blocks: [] };

/**
 * Cuts Markdown into blocks that can be parsed apart with the same result. Joined they are the text again. While a text
 * grows, all blocks but the last two stay as they are: given what the text was `before`, only what follows them is read.
 */
export function splitBlocks(text: Rope, before: Split = nothing): Split {
  if (text === before.text) return before;
  const kept = beginsWith(text, before.text) ? before.blocks.slice(0, -2) : [];
  return { text, blocks: [...kept, ...cut(textFrom(text, lengthOf(kept)))] };
}

/** The list that a block is, of which another mark begins another one. */
interface List {
  /** What its items begin with; of numbers, what follows them. */
  readonly mark: string;
  /** How far the text of its last item is indented. */
  readonly offset: number;
  /** Text followed that is not indented as its items are: what begins a list after it depends on more. */
  readonly isLeft: boolean;
}

/** The item that a line begins in this list or beside it, and not within an item of it. */
function topItem(line: string, list: List | undefined): List | undefined {
  const [, indent = '', mark = '', space = ''] = marked.exec(line) ?? [];
  if (mark === '' || thematicBreak.test(line) || (list && indent.length >= list.offset)) return undefined;
  const offset = indent.length + mark.length + (space.length > 4 ? 1 : space.length);
  return { mark: mark.slice(-1), offset, isLeft: false };
}

function afterLine(line: string, list: List | undefined): List | undefined {
  if (list?.isLeft) return list;
  const top = topItem(line, list);
  if (top) return top;
  return list && indentOf(line) < list.offset ? { ...list, isLeft: true } : list;
}

const indentOf = (line: string): number => line.search(/\S/);

function cut(text: string): readonly string[] {
  const blocks: string[] = [];
  let block = '';
  let blank = false;
  let isList = false;
  let list: List | undefined;
  let isClosed = false;
  let open: string | undefined;
  const next = () => {
    if (block !== '') blocks.push(block);
    block = '';
    isList = false;
    list = undefined;
    isClosed = false;
  };
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (open !== undefined) {
      block += line;
      if (!closes(line, open)) continue;
      open = undefined;
      blank = false;
      isClosed = !isList;
      continue;
    }
    const bare = line.trimEnd();
    const isBlank = bare === '';
    const goesOn = isList ? indented.test(line) || maybeListItem.test(line) : deepIndented.test(line);
    const isHeading = heading.test(bare);
    const fence = fenceOf(bare);
    const begins = isHeading || (fence !== undefined && !(isList && indented.test(line)));
    const top = topItem(line, list);
    const isOther = top !== undefined && list !== undefined && !list.isLeft && top.mark !== list.mark;
    if (!isBlank && (isClosed || begins || isOther || (blank && !goesOn))) next();
    if (!isBlank && block.trim() === '') isList = listItem.test(line) || footnote.test(line);
    if (isList && !isBlank) list = afterLine(line, list);
    isClosed ||= isHeading;
    blank = isBlank;
    open = fence;
    block += line;
  }
  next();
  return blocks;
}

const fenceOf = (line: string): string | undefined => codeFence.exec(line)?.[1] ?? mathsFence.exec(line)?.[1];

/** A fence of code is closed by a line of at least as many of the same marks, and nothing else; one of maths by its mark. */
export function closes(line: string, open: string): boolean {
  const mark = line.trim();
  if (open === '$$') return mark.endsWith('$$');
  if (open === '\\[') return mark.endsWith('\\]');
  return mark.length >= open.length && mark === open.charAt(0).repeat(mark.length);
}
