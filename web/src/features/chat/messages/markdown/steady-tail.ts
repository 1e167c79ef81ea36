/** A last line that may yet become a mark of a block: a heading's underline, a list item, a fence, a row of a table. */
const undecided =
  /^ {0,12}(?:[-+*_=]+|\d{1,9}[.)]?|#{1,6}|>|\|[-: |]*|[`~]+|\$+|\\\[?|(?:[-+*]|\d{1,9}[.)])[ \t]+\[[ xX]?\]?)[ \t]*$/;
const letter = /[\p{L}\p{N}]/u;

/**
 * The open end of an answer as it will most likely go on, so that nothing is shown that the next token takes back: a line
 * that is only a mark waits, a table has its rule, what is bold or code is closed, a link is its text until it is whole.
 */
export function steadyTail(text: string): string {
  const lineStart = text.lastIndexOf('\n') + 1;
  const lastLine = text.slice(lineStart);
  if (undecided.test(lastLine)) return tableOf(text.slice(0, lineStart));
  if (/^\s*\|/.test(text)) return tableOf(text);
  const paragraph = Math.max(text.lastIndexOf('\n\n'), lastItem(text), 0);
  return text.slice(0, paragraph) + closeMarks(text.slice(paragraph));
}

/** Where the last list item begins: marks do not reach over its edge. */
function lastItem(text: string): number {
  let start = text.length;
  do {
    start = start === 0 ? -1 : text.lastIndexOf('\n', start - 2) + 1;
    if (start >= 0 && /^[ \t]*(?:[-+*]|\d{1,9}[.)])[ \t]/.test(text.slice(start, start + 40))) return start;
  } while (start > 0);
  return 0;
}

/** A head alone becomes a table at once, and not when the rule below it is complete. */
function tableOf(text: string): string {
  const [head = '', ...rest] = text.split('\n');
  if (!/^\s*\|/.test(head) || rest.some((line) => line.trim() !== '')) return text;
  // Until its end the number of its columns is not known.
  if (rest.length === 0) return '';
  const cells = head
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/);
  return `${head}\n|${cells.map(() => ' - |').join('')}\n`;
}

interface Mark {
  readonly mark: string;
  /** Where the text after it begins. */
  readonly at: number;
}

function closeMarks(text: string): string {
  const marks: Mark[] = [];
  let link: number | undefined;
  let index = 0;
  while (index < text.length) {
    const char = text.charAt(index);
    if (char === '\\') {
      if (index + 1 === text.length) return close(text.slice(0, index), marks);
      index += 2;
    } else if (char === '`') {
      const run = /^`+/.exec(text.slice(index, index + 20))?.[0] ?? '`';
      const end = text.indexOf(run, index + run.length);
      if (end < 0) {
        const isEmpty = text.length === index + run.length;
        return close(isEmpty ? text.slice(0, index) : text + run, marks);
      }
      index = end + run.length;
    } else if ('*_~'.includes(char)) {
      const run = text.slice(index, index + 3).match(/^(.)\1{0,2}/)?.[0] ?? char;
      toggle(marks, run, text, index);
      index += run.length;
    } else if (char === '[') {
      link = index;
      index += 1;
    } else if (char === ']' && link !== undefined) {
      const end = text.charAt(index + 1) === '(' ? text.indexOf(')', index) : index;
      if (end < 0) return close(withoutLink(text.slice(0, index), link), marks);
      link = undefined;
      index = end + 1;
    } else index += 1;
  }
  const isLink = link !== undefined && !/\n/.test(text.slice(link)) && text.length - link < 300;
  return close(isLink && link !== undefined ? withoutLink(text, link) : text, marks);
}

/** `![` and `[` go, what they hold stays. */
const withoutLink = (text: string, link: number): string =>
  text.slice(0, text.charAt(link - 1) === '!' ? link - 1 : link) + text.slice(link + 1);

function toggle(marks: Mark[], run: string, text: string, index: number): void {
  const isOpen = marks.findLastIndex(({ mark }) => mark === run);
  const before = text.charAt(index - 1);
  const after = text.charAt(index + run.length);
  if (isOpen >= 0 && /\S/.test(before)) marks.splice(isOpen);
  else if (/^\S?$/.test(after) && !letter.test(before) && (run !== '~' || after !== '')) {
    marks.push({ mark: run, at: index + run.length });
  }
}

function close(text: string, marks: readonly Mark[]): string {
  const full = text.trimEnd();
  const last = marks.at(-1);
  if (!last) return text;
  const rest = marks.slice(0, -1);
  // Nothing stands after it yet.
  if (last.at >= full.length) return close(full.slice(0, Math.max(0, last.at - last.mark.length)), rest);
  return close(full + last.mark, rest);
}
