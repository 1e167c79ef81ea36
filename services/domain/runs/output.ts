import type { MessagePart, PartKind } from '#contract/conversations.ts';
import type { OutputPiece } from './run-records.ts';

/** A piece takes further text of its part until it has this many units: fewer objects, and short slices. */
const pieceLength = 256;

export const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/**
 * What an attempt has put out so far, held once: the log writer and the checkpoint writer each take what lies behind their
 * own cursor. Text is well-formed UTF-16; half of a surrogate pair waits for its other half.
 */
export class Output {
  readonly #pieces: OutputPiece[] = [];
  /** The length behind each piece. */
  readonly #ends: number[] = [];
  #heldBack = '';
  #heldKind: PartKind = 'text';

  get length(): number {
    return this.#ends.at(-1) ?? 0;
  }

  append(kind: PartKind, text: string): void {
    if (this.#heldBack !== '' && this.#heldKind !== kind) this.finish();
    let whole = this.#heldBack + text;
    this.#heldBack = '';
    if (whole !== '' && isHighSurrogate(whole.charCodeAt(whole.length - 1))) {
      this.#heldBack = whole.slice(-1);
      this.#heldKind = kind;
      whole = whole.slice(0, -1);
    }
    if (whole !== '') this.#add(kind, whole.isWellFormed() ? whole : whole.toWellFormed());
  }

  /** No more comes: what waited for its other half becomes U+FFFD. */
  finish(): void {
    if (this.#heldBack === '') return;
    this.#heldBack = '';
    this.#add(this.#heldKind, '\ufffd');
  }

  /** What lies behind `length`, stretches of one part joined. */
  from(length: number): OutputPiece[] {
    let first = this.#pieces.length;
    while (first > 0 && (this.#ends[first - 1] ?? 0) > length) first -= 1;
    const start = this.#ends[first - 1] ?? 0;
    return slicePieces(this.#pieces.slice(first), length - start);
  }

  #add(kind: PartKind, text: string): void {
    const last = this.#pieces.length - 1;
    const piece = this.#pieces[last];
    const end = this.length + text.length;
    if (piece?.kind === kind && piece.text.length < pieceLength) {
      piece.text += text;
      this.#ends[last] = end;
      return;
    }
    const index = piece === undefined ? 0 : piece.kind === kind ? piece.index : piece.index + 1;
    this.#pieces.push({ index, kind, text });
    this.#ends.push(end);
  }
}

/** The pieces behind the first `skip` units, stretches of one part joined. The pieces given are left as they are. */
export function slicePieces(pieces: readonly OutputPiece[], skip: number): OutputPiece[] {
  const sliced: OutputPiece[] = [];
  let toSkip = skip;
  for (const { index, kind, text } of pieces) {
    if (toSkip >= text.length) {
      toSkip -= text.length;
      continue;
    }
    const rest = toSkip > 0 ? text.slice(toSkip) : text;
    toSkip = 0;
    const last = sliced.at(-1);
    if (last?.index === index) last.text += rest;
    else sliced.push({ index, kind, text: rest });
  }
  return sliced;
}

export const partsOf = (pieces: readonly OutputPiece[]): MessagePart[] =>
  slicePieces(pieces, 0).map(({ kind, text }) => ({ kind, text }));

/** What people read of an answer: its text parts, without what the model thought. */
export const textOf = (parts: readonly MessagePart[]): string =>
  parts
    .filter((part) => part.kind === 'text')
    .map((part) => part.text)
    .join('');
