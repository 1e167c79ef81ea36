import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { chartFolder, exampleNames, goldenFolder } from './paths.ts';
import { renderExample } from './render-chart.ts';
import { withSettings } from './settings-schema.ts';
import { valuesTable } from './values-table.ts';

const begin = '<!-- Made from values.yaml by `npm run chart -- update`. -->';
const end = '<!-- The end of what is made from values.yaml. -->';

/** The text that each made file should have, by its path. */
async function wanted(): Promise<ReadonlyMap<string, string>> {
  const readme = join(chartFolder, 'README.md');
  const schema = join(chartFolder, 'values.schema.json');
  const files = new Map([
    [readme, withTable(await readFile(readme, 'utf8'), await readFile(join(chartFolder, 'values.yaml'), 'utf8'))],
    [schema, withSettings(await readFile(schema, 'utf8'))],
  ]);
  for (const name of exampleNames()) files.set(join(goldenFolder, `${name}.yaml`), await renderExample(name));
  return files;
}

function withTable(readme: string, values: string): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The chart's README.md has lost its marks: ${begin} and ${end}`);
  return `${readme.slice(0, from + begin.length)}\n\n${valuesTable(values)}\n${readme.slice(to)}`;
}

const textOf = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

const shown = (path: string): string => relative(join(chartFolder, '../..'), path);

/** The made files that are not what they should be, by their names. */
export async function staleFiles(): Promise<string[]> {
  const stale: string[] = [];
  for (const [path, text] of await wanted()) if ((await textOf(path)) !== text) stale.push(shown(path));
  return stale;
}

/** Writes those that are not current; returns their names. */
export async function updateFiles(): Promise<string[]> {
  const written: string[] = [];
  await mkdir(goldenFolder, { recursive: true });
  // The renders are made with the schema, so it comes first.
  const schema = join(chartFolder, 'values.schema.json');
  await writeFile(schema, withSettings(await readFile(schema, 'utf8')));
  for (const [path, text] of await wanted()) {
    if ((await textOf(path)) === text) continue;
    await writeFile(path, text);
    written.push(shown(path));
  }
  return written;
}
