import { closes } from './split-blocks.ts';

const opening = /^( {0,3})(`{3,}|~{3,})(.*)$/;

export interface Fence {
  readonly code: string;
  /** As it was named; empty where it was not. */
  readonly language: string;
}

/** The code of a block that is one fence, read without the parser; undefined for any other block. */
export function fenceIn(block: string): Fence | undefined {
  const [first = '', ...rest] = block.replace(/^(?:[ \t]*\n)+/, '').split('\n');
  const [whole, indent = '', marks = '', info = ''] = opening.exec(first) ?? [];
  if (whole === undefined || (marks.startsWith('`') && info.includes('`'))) return undefined;
  const end = rest.findIndex((line) => closes(line, marks));
  const lines = end < 0 ? withoutBeginnings(rest, marks) : rest.slice(0, end);
  const shift = new RegExp(`^ {0,${indent.length}}`);
  const code = indent === '' ? lines : lines.map((line) => line.replace(shift, ''));
  return { code: code.join('\n'), language: info.trim().split(/\s/)[0] ?? '' };
}

/** A last line that may yet become what closes the fence is no code. */
function withoutBeginnings(lines: readonly string[], marks: string): readonly string[] {
  const last = lines.at(-1)?.trim() ?? '';
  return last !== '' && marks.startsWith(last) ? lines.slice(0, -1) : lines;
}

/** Maths that is still being written shows as its TeX: half of a formula is none. */
export const isOpenMaths = (block: string): boolean => {
  const [, mark] = /^\s*(\$\$|\\\[)/.exec(block) ?? [];
  return mark !== undefined && block.indexOf(mark === '$$' ? '$$' : '\\]', block.indexOf(mark) + 2) < 0;
};
