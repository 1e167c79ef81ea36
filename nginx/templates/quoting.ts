/** A value as one word of Nginx's configuration. A `$` stays what it is there: the start of a variable. */
export const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

/** Lines of a block, each under the one that opens it. */
export const indented = (lines: readonly string[]): string => lines.map((line) => `    ${line}`).join('\n');

/** `map SOURCE VARIABLE { … }`; an entry that begins with `~` is an expression, compared with regard to case. */
export function map(source: string, variable: string, entries: ReadonlyArray<readonly [string, string]>): string {
  // In quotes Nginx would take a backslash away only before a quote or another backslash, so expressions survive doubled.
  const lines = entries.map(([key, value]) => `${key === 'default' ? key : quoted(key)} ${quoted(value)};`);
  return `map ${source} ${variable} {\n${indented(lines)}\n}\n`;
}
