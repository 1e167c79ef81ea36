import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const chartFolder = fromRoot('helm/lamplight');
export const examplesFolder = fromRoot('helm/lamplight/ci');
export const goldenFolder = fromRoot('helm/golden');
/** What is made once and can be made again. */
export const cacheFolder = fromRoot('node_modules/.cache/lamplight/chart-schemas');

/** The names of the examples in `ci/`, without their ending. */
export const exampleNames = (): string[] =>
  readdirSync(examplesFolder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.replace(/\.yaml$/, ''))
    .sort();
