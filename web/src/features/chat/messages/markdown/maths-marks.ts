const mostCharacters = 4000;

/**
 * Writes every kind of mark for maths that models use (`$x$`, `\(x\)`, `\[x\]`, `$$x$$` on a line of its own) as the one that
 * the parser takes, `$$`. A single `$` counts as Pandoc has it, so that prices stay prices: no space inside, no digit after.
 */
export function withMaths(text: string): string {
  if (!/\$|\\[([]/.test(text)) return text;
  let written = '';
  let index = 0;
  /** Marks that do not come again: they are not looked for twice. */
  const absent = new Set<string>();
  const find = (mark: string, from: number): number => {
    if (absent.has(mark)) return -1;
    const found = text.indexOf(mark, from);
    if (found < 0) absent.add(mark);
    return found - from > mostCharacters ? -1 : found;
  };
  /** Takes maths between marks of `width` characters; alone on its lines it stands apart. */
  const take = (width: number, end: number, isApart: boolean): void => {
    const inner = text.slice(index + width, end);
    const after = end + width;
    const lineStart = text.lastIndexOf('\n', index - 1) + 1;
    const isAlone = text.slice(lineStart, index).trim() === '' && /^[ \t]*(?:\n|$)/.test(text.slice(after, after + 80));
    written += isApart && isAlone ? `$$\n${inner.trim()}\n$$` : `$$${inner.replace(/\n\s*\n/g, '\n')}$$`;
    index = after;
  };
  while (index < text.length) {
    const next = nextMark(text, index);
    written += text.slice(index, next);
    index = next;
    const two = text.slice(index, index + 2);
    const start = index;
    if (two === '\\(' || two === '\\[') {
      const end = find(two === '\\(' ? '\\)' : '\\]', index + 2);
      if (end > index + 2) take(2, end, two === '\\[');
    } else if (two === '$$') {
      const end = find('$$', index + 2);
      if (end > index + 2) take(2, end, true);
    } else if (two.startsWith('$')) {
      const end = find('$', index + 1);
      if (end > 0 && isPair(text, index, end)) take(1, end, false);
    } else if (two.startsWith('`')) {
      const run = /^`{1,20}/.exec(text.slice(index, index + 20))?.[0] ?? '`';
      const end = find(run, index + run.length);
      const after = end < 0 ? index + run.length : end + run.length;
      written += text.slice(index, after);
      index = after;
    }
    if (index === start && index < text.length) {
      written += two;
      index += 2;
    }
  }
  return written;
}

/** Where the next `\`, `` ` `` or `$` stands; the end of the text where none does. */
function nextMark(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    const char = text.charAt(index);
    if (char === '\\' || char === '`' || char === '$') return index;
  }
  return text.length;
}

const isPair = (text: string, start: number, end: number): boolean =>
  end > start + 1 &&
  /\S/.test(text.charAt(start + 1)) &&
  /[^\s\\]/.test(text.charAt(end - 1)) &&
  !/\d/.test(text.charAt(end + 1)) &&
  !/\n\s*\n/.test(text.slice(start, end));
