/** What a stretch of code is, as one of the colours that code has. */
type Ink = 'keyword' | 'string' | 'number' | 'comment' | 'name' | 'type' | 'added' | 'removed';

/** A stretch of code in one colour; without one it is plain. */
export type Run = readonly [text: string, ink?: Ink];

interface Node {
  readonly type: string;
  readonly value?: string;
  readonly properties?: { readonly className?: unknown };
  readonly children?: readonly Node[];
}

/** By the first of highlight.js's scopes: https://highlightjs.readthedocs.io/en/latest/css-classes-reference.html */
const inks: Readonly<Record<string, Ink>> = {
  keyword: 'keyword',
  'selector-tag': 'keyword',
  doctag: 'keyword',
  operator: 'keyword',
  meta: 'keyword',
  string: 'string',
  regexp: 'string',
  link: 'string',
  code: 'string',
  char: 'string',
  number: 'number',
  literal: 'number',
  symbol: 'number',
  bullet: 'number',
  comment: 'comment',
  quote: 'comment',
  title: 'name',
  section: 'name',
  name: 'name',
  tag: 'name',
  'selector-class': 'name',
  'selector-id': 'name',
  type: 'type',
  built_in: 'type',
  attr: 'type',
  attribute: 'type',
  property: 'type',
  variable: 'type',
  'template-variable': 'type',
  params: 'type',
  addition: 'added',
  deletion: 'removed',
};

/** The coloured stretches of a highlighted tree, in order; joined they are the code. */
export function runsOf(root: Node): readonly Run[] {
  const runs: Run[] = [];
  const visit = (node: Node, ink: Ink | undefined): void => {
    if (node.value !== undefined) runs.push(ink ? [node.value, ink] : [node.value]);
    for (const child of node.children ?? []) visit(child, inkOf(child) ?? ink);
  };
  visit(root, undefined);
  return runs;
}

function inkOf({ properties }: Node): Ink | undefined {
  const names = properties?.className;
  const scope = Array.isArray(names) ? String(names[0]).replace(/^hljs-/, '') : '';
  return inks[scope];
}

const linesInFrame = 12;

/** Code in frames of some lines: what changes in one, or is added at the end, leaves the others alone. */
export function framesOf(code: string): readonly string[] {
  const frames: string[] = [];
  let start = 0;
  let lines = 0;
  for (let end = code.indexOf('\n'); end >= 0; end = code.indexOf('\n', end + 1)) {
    lines += 1;
    if (lines % linesInFrame === 0) {
      frames.push(code.slice(start, end + 1));
      start = end + 1;
    }
  }
  return start < code.length || frames.length === 0 ? [...frames, code.slice(start)] : frames;
}

/** The runs of each frame; a run that reaches over an edge is cut there. */
export function runsByFrame(frames: readonly string[], runs: readonly Run[]): ReadonlyArray<readonly Run[]> {
  let next = 0;
  let taken = 0;
  return frames.map((frame) => {
    const mine: Run[] = [];
    let rest = frame.length;
    while (rest > 0) {
      const [text, ink] = runs[next] ?? [];
      if (text === undefined) break;
      const piece = text.slice(taken, taken + rest);
      mine.push(ink ? [piece, ink] : [piece]);
      rest -= piece.length;
      taken += piece.length;
      if (taken >= text.length) {
        next += 1;
        taken = 0;
      }
    }
    return mine;
  });
}
