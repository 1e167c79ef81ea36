import type { ExtraProps } from 'react-markdown';
import { stub } from './definitions.ts';

/** A node of the parsed answer (hast). */
export type Element = NonNullable<ExtraProps['node']>;
type Parent = Pick<Element, 'children'>;

/** A node of the Markdown itself (mdast), as far as it is changed here. */
interface Node {
  type: string;
  label?: string;
  value?: string;
  children?: Node[];
  data?: object;
}

/** No person nests deeper; what does is shown as plain text. */
const deepest = 40;

export const isElement = (node: unknown): node is Element =>
  typeof node === 'object' && node !== null && 'type' in node && node.type === 'element';

/** Raw HTML is text like any other: the parser does not know it. */
export function withoutHtml(this: { data(): object }): void {
  const data: { micromarkExtensions?: object[] } = this.data();
  data.micromarkExtensions ??= [];
  data.micromarkExtensions.push({ disable: { null: ['htmlFlow', 'htmlText'] } });
}

/** Notes by their own names, where they stand: blocks know nothing of each other, so nothing can be numbered or gathered. */
export const notesInPlace = () => (root: Node) => placeNotes(root, 0);

function placeNotes(node: Node, depth: number): void {
  if (depth > deepest) throw new RangeError('Nested too deep.');
  if (node.children) node.children = node.children.filter((child) => !isStub(child));
  for (const child of node.children ?? []) {
    if (child.type === 'footnoteReference') become(child, 'sup', [{ type: 'text', value: child.label ?? '' }]);
    else if (child.type === 'footnoteDefinition') {
      const mark: Node = {
        type: 'emphasis',
        children: [{ type: 'text', value: child.label ?? '' }],
        data: { hName: 'sup' },
      };
      become(child, 'div', [mark, ...(child.children ?? [])]);
      child.data = { hName: 'div', hProperties: { className: ['note'] } };
    }
    placeNotes(child, depth + 1);
  }
}

function become(node: Node, name: string, children: Node[]): void {
  node.type = 'emphasis';
  node.data = { hName: name };
  node.children = children;
}

const isStub = (node: Node): boolean =>
  node.type === 'footnoteDefinition' && node.children?.[0]?.children?.[0]?.value === stub;

const directed = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'blockquote']);

/** Each block reads in the direction of its own first letter, whichever the page's is; a table in that of its frame. */
export const ownDirections = () => directChildren;

function directChildren(parent: Parent): void {
  for (const child of parent.children) {
    if (!isElement(child)) continue;
    if (directed.has(child.tagName)) child.properties['dir'] = 'auto';
    directChildren(child);
  }
}

const caretHolders = new Set([...directed, 'table', 'li', 'pre', 'code', 'thead', 'tbody', 'tr', 'th', 'td', 'div']);

/** Puts the caret behind the last text, inside the innermost block that holds it. */
export const withCaret = () => appendCaret;

function appendCaret(root: Parent): void {
  let holder: Parent = root;
  let isInCodeBlock = false;
  for (;;) {
    const last: unknown = holder.children.findLast((child) => child.type === 'element');
    if (!isElement(last) || !caretHolders.has(last.tagName)) break;
    if (last.tagName === 'code' && !isInCodeBlock) break;
    isInCodeBlock = last.tagName === 'pre';
    holder = last;
  }
  holder.children.push({ type: 'element', tagName: 'span', properties: { className: ['caret'] }, children: [] });
}

/** Of a piece of a long list or table only its items or rows: what holds them stands around all pieces. */
export const onlyParts = (tagName: 'li' | 'tr' | 'thead') => () => (root: Parent) => {
  const found: Element['children'] = [];
  const visit = (parent: Parent): void => {
    for (const child of parent.children) {
      if (!isElement(child)) continue;
      if (child.tagName === tagName && !(tagName === 'tr' && isHead(parent))) found.push(child);
      else if (child.tagName !== 'li') visit(child);
    }
  };
  visit(root);
  root.children = found;
};

const isHead = (parent: unknown): boolean => isElement(parent) && parent.tagName === 'thead';
