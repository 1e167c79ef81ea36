/** A block is parsed in pieces once it is longer: while it grows, only the last of them is parsed again. */
const longLength = 1200;
const pieceLength = 600;

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

const item = /^ ?(?:[-+*]|(\d{1,9})[.)])[ \t]+(\[[ xX]\] )?/;
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
  const isPart = (line: string) => {
    const [whole, digits] = item.exec(line) ?? [];
    return whole === undefined
      ? /^(?: {2}|\t)/.test(line) || line.trim() === ''
      : isNumbered === (digits !== undefined);
  };
  // The last line may yet become an item.
  if (!lines.slice(0, -1).every(isPart)) return undefined;
  const texts = group(lines, (line) => item.test(line));
  return {
    kind: 'list',
    start: isNumbered ? Number(number) : undefined,
    hasTasks: task !== undefined,
    head: '',
    texts,
  };
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
