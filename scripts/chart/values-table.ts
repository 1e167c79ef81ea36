import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';

interface Row {
  readonly name: string;
  readonly value: string;
  readonly description: string;
}

/** The rows of values.yaml as Markdown: a table of what stands alone, and one for each group with its comment above. */
export function valuesTable(source: string): string {
  const document = parseDocument(source);
  if (!isMap(document.contents)) throw new Error('values.yaml holds no values.');
  const alone: Row[] = [];
  const groups: string[] = [];
  for (const pair of document.contents.items) {
    const name = nameOf(pair);
    const comment = commentOf(pair);
    if (isGroup(pair.value)) {
      const rows = rowsOf(pair.value, name);
      groups.push([`### \`${name}\``, ...(comment ? [sentence(comment)] : []), table(rows)].join('\n\n'));
    } else {
      alone.push({ name, value: shownValue(pair.value), description: sentence(comment) });
    }
  }
  return `${[table(alone), ...groups].join('\n\n')}\n`;
}

/** The rows below a group. The comment of a group within it stands in a row of its own. */
function rowsOf(group: YAMLMap, path: string): Row[] {
  return (group.items as Pair[]).flatMap((pair, index) => {
    const name = `${path}.${nameOf(pair)}`;
    const description = sentence(index === 0 ? (group.commentBefore ?? commentOf(pair)) : commentOf(pair));
    if (!isGroup(pair.value)) return [{ name, value: shownValue(pair.value), description }];
    return [...(description ? [{ name, value: '', description }] : []), ...rowsOf(pair.value, name)];
  });
}

/** A map written over several lines; one in braces is a value. */
const isGroup = (value: unknown): value is YAMLMap => isMap(value) && value.flow !== true;

function nameOf(pair: Pair): string {
  if (isScalar(pair.key)) return String(pair.key.value);
  throw new Error('values.yaml has a key that is no text.');
}

/** The comment right above; what stands apart from it by an empty line is about something else. */
const commentOf = ({ key }: Pair): string => (isScalar(key) ? (key.commentBefore?.split(/\n\s*\n/).at(-1) ?? '') : '');

const sentence = (comment: string | null | undefined): string => (comment ?? '').replace(/\s+/g, ' ').trim();

function shownValue(value: unknown): string {
  const plain: unknown = typeof value === 'object' && value !== null && 'toJSON' in value ? toJson(value) : value;
  if (plain === '' || plain === undefined) return '';
  return `\`${typeof plain === 'string' ? plain : JSON.stringify(plain)}\``;
}

const toJson = (value: object): unknown => JSON.parse(JSON.stringify(value));

const cell = (text: string): string => text.replaceAll('|', '\\|');

const table = (rows: readonly Row[]): string =>
  [
    '| value | default | what it does |',
    '| --- | --- | --- |',
    ...rows.map(({ name, value, description }) => `| \`${name}\` | ${cell(value)} | ${cell(description)} |`),
  ].join('\n');
