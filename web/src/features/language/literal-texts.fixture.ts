import { parseSync } from 'vite';

/** Attributes and properties whose text people read or hear. */
const spoken =
  /^(aria-label|aria-description|aria-roledescription|title|label|alt|placeholder|question|verb|hint|intro|description|submitText|name)$/;
/** Calls that show their first argument. */
const showing = /^(toast|toastError|useTitle)$/;
/** The product's own name is the same in every language. */
const isWords = (text: unknown): boolean =>
  typeof text === 'string' && /\p{L}{2}/u.test(text) && /^\p{Lu}|\s/u.test(text.trim()) && text.trim() !== 'Lamplight';

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Words that stand in the code of a component, where no catalogue can translate them: `path: words`. */
export function findLiteralTexts(path: string, code: string): readonly string[] {
  const found: string[] = [];
  const add = (text: unknown): void => {
    if (isWords(text)) found.push(`${path}: ${String(text).trim()}`);
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    else if (isNode(value)) {
      if (value.type === 'JSXText') add(value['value']);
      if (value.type === 'JSXAttribute' && spoken.test(nameOf(value['name']))) {
        addStrings(value['value'], add);
      }
      if (value.type === 'JSXElement' || value.type === 'JSXFragment') {
        for (const child of value['children'] as readonly Node[]) addStrings(child['expression'], add);
      }
      if (value.type === 'CallExpression' && showing.test(rootNameOf(value['callee']))) {
        addStrings((value['arguments'] as unknown[])[0], add);
      }
      for (const field of Object.values(value)) visit(field);
    }
  };
  visit(parseSync(path, code).program);
  return [...new Set(found)];
}

/** The strings that an expression may come to: itself, a template's own words, or either side of a choice. */
function addStrings(value: unknown, add: (text: unknown) => void): void {
  if (!isNode(value)) return;
  if (value.type === 'JSXExpressionContainer') addStrings(value['expression'], add);
  if (value.type === 'Literal') add(value['value']);
  if (value.type === 'TemplateLiteral') {
    for (const quasi of value['quasis'] as ReadonlyArray<{ value: { cooked: string } }>) add(quasi.value.cooked);
  }
  if (value.type === 'ConditionalExpression')
    for (const side of ['consequent', 'alternate']) addStrings(value[side], add);
  if (value.type === 'LogicalExpression') addStrings(value['right'], add);
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value;

const nameOf = (node: unknown): string => (isNode(node) ? String(node['name']) : '');

function rootNameOf(node: unknown): string {
  if (!isNode(node)) return '';
  return node.type === 'MemberExpression' ? rootNameOf(node['object']) : nameOf(node);
}
