import { expectedText } from '#tests/model-server/text.ts';

/** Words that follow from a seed, on one line and without Markdown of their own. */
const words = (seed: number, count: number): string =>
  expectedText({ seed, tokens: count })
    .replace(/[*`\n\\<>_[\]|#-]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

const code = (seed: number): string =>
  Array.from({ length: 24 }, (_, line) => {
    const name = words(seed + line, 1).replace(/\W/g, '') || 'lamp';
    return line % 6 === 0
      ? `export function ${name}${line}(count: number, name = 'evening'): string { // ${words(seed + line, 4)}`
      : line % 6 === 5
        ? '}'
        : `  const ${name}${line} = count * ${line} + Math.max(${seed % 97}, name.length); // "${words(seed + line, 3)}"`;
  }).join('\n');

const rows = (seed: number): string =>
  Array.from({ length: 14 }, (_, row) => `| ${words(seed + row, 2)} | ${row * 7} | ${words(seed - row, 4)} |`).join(
    '\n',
  );

const list = (seed: number, mark: (index: number) => string): string =>
  Array.from(
    { length: 16 },
    (_, index) => `${mark(index)} ${words(seed + index, 9)}, **${words(seed * 3 + index, 2)}**`,
  ).join('\n');

/** What long answers consist of, in turn: prose, lists, code, tables, quotes, tasks, maths. */
function chapter(seed: number): string {
  return [
    `## ${words(seed, 4)}`,
    `${words(seed + 1, 60)} **${words(seed + 2, 3)}** ${words(seed + 3, 40)} \`${words(seed + 4, 1)}\` and [${words(seed + 5, 2)}](https://lamp.example/${seed}).`,
    `${words(seed + 6, 80)} *${words(seed + 7, 4)}* ${words(seed + 8, 20)}`,
    list(seed + 9, () => '-'),
    `\`\`\`ts\n${code(seed + 30)}\n\`\`\``,
    words(seed + 60, 70),
    `| ${words(seed + 61, 1)} | n | ${words(seed + 62, 2)} |\n| --- | ---: | --- |\n${rows(seed + 63)}`,
    list(seed + 80, (index) => `${index + 1}.`),
    `> ${words(seed + 100, 50)}`,
    `${words(seed + 101, 12)} $a_${seed % 9}^2 + b^2 = c^2$ ${words(seed + 102, 10)}`,
    `$$\n\\sum_{i=0}^{${seed % 50}} \\frac{i^2}{${1 + (seed % 7)}}\n$$`,
    list(seed + 110, (index) => `- [${index % 2 ? 'x' : ' '}]`),
    words(seed + 130, 90),
  ].join('\n\n');
}

/** Mixed Markdown of at least so many bytes. */
export function mixedMarkdown(bytes: number, seed = 1): string {
  let text = '';
  for (let index = 0; Buffer.byteLength(text) < bytes; index += 1) text += `${chapter(seed + index * 1_000)}\n\n`;
  return text;
}
