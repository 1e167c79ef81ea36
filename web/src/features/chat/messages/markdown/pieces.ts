import { thematicBreak } from './split-blocks.ts';

/** A block is parsed in pieces once it is longer: while it grows, only the last of them is parsed again. */
const longLength = 600;
const pieceLength = 300;

/** A long list or table, cut between its items or rows so that each piece can be parsed alone. */
export interface Pieces {
  readonly kind: 'list' | 'table';
  /** Of a list: that of a numbered one, its first number. */
  readonly start: number | undefined;
  readonly hasTasks: boolean;
  /** Of a table: its head and rule, which stand before each piece. */
  readonly head: string;
  readonly texts: readonly string[];
}

/** Text of a paragraph, that no other block begins with. */
const words = /^ ?(?:[\p{L}\p{N}("'“‘«¿¡]|(?:\*{1,2}|_{1,2}|`)[\p{L}\p{N}])/u;
const item = /^ ?(?:[-+*]|(\d{1,9})[.)])[ \t]+(\[[ xX]\] )?/;
/** A last line that may yet become an item. */
const beginsItem = /^ ?(?:[-+*]|\d{1,9}[.)]?)?[ \t]*$/;
const fence = /^(?:`{3}|~{3})/;
const rule = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*$/;

/** The pieces of a block that is long and all one list or all one table; undefined for any other. */
export function piecesOf(block: string): Pieces | undefined {
  if (block.length <= longLength) return undefined;
  return item.test(block) ? listPieces(block) : block.startsWith('|') ? tablePieces(block) : undefined;
}

function listPieces(block: string): Pieces | undefined {
  const lines = linesOf(block);
  const [, number, task] = item.exec(block) ?? [];
  const isNumbered = number !== undefined;
  const last = lines.at(-1) ?? '';
  if (!isOneList(beginsItem.test(last) ? lines.slice(0, -1) : lines, isNumbered)) return undefined;
  const texts = group(lines, (line) => item.test(line));
  return {
    kind: 'list',
    start: isNumbered ? Number(number) : undefined,
    hasTasks: task !== undefined,
    head: '',
    texts,
  };
}

/** Items of one kind and what is indented below them; a paragraph of theirs may go on without (https://spec.commonmark.org/0.31.2/#lazy-continuation-line). */
function isOneList(lines: readonly string[], isNumbered: boolean): boolean {
  let isParagraph = false;
  let isFenced = false;
  return lines.every((line) => {
    if (thematicBreak.test(line)) return false;
    const [mark, digits] = item.exec(line) ?? [];
    const isInside = mark !== undefined || line.trim() === '' || /^(?: {2}|\t)/.test(line);
    if (!isInside) return isParagraph && words.test(line);
    const [nested] = mark === undefined && !isFenced ? (item.exec(line.trimStart()) ?? []) : [];
    const said = mark === undefined ? line.trim().slice(nested?.length ?? 0) : line.slice(mark.length);
    const isFence = fence.test(said);
    // Another item ends what the one before it left open.
    isFenced = mark === undefined ? isFenced !== isFence : isFence;
    const isText = !isFenced && words.test(said);
    isParagraph = isText && (mark !== undefined || nested !== undefined || isParagraph);
    return mark === undefined || isNumbered === (digits !== undefined);
  });
}

function tablePieces(block: string): Pieces | undefined {
  const [first = '', second = '', ...rows] = linesOf(block);
  if (!rule.test(second.trimEnd()) || !rows.every((row) => row.startsWith('|') || row.trim() === '')) return undefined;
  return { kind: 'table', start: undefined, hasTasks: false, head: first + second, texts: group(rows, () => true) };
}

const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function group(lines: readonly string[], mayBegin: (line: string) => boolean): readonly string[] {
  const texts: string[] = [];
  let text = '';
  for (const line of lines) {
    if (text.length >= pieceLength && mayBegin(line)) {
      texts.push(text);
      text = '';
    }
    text += line;
  }
  return text === '' ? texts : [...texts, text];
}
