import type { SourceFile } from './import-graph.ts';

/** A rule takes the whole tree and says, a line each, where it is broken. */
export type Rule = (files: readonly SourceFile[]) => string[];

/** `foundation` is what every process begins with; the other folders of services/ beside contract, platform and domain are processes. */
type Layer = 'contract' | 'platform' | 'domain' | 'foundation' | 'process' | 'web' | 'support';

const shared = ['contract', 'platform', 'domain', 'foundation'] as const;

/** A test, a shared suite, or something that only tests, scripts and tools use: it may reach everywhere. */
const isSupport = (path: string): boolean =>
  !/^(services|web)\//.test(path) ||
  path.startsWith('services/test/') ||
  /\.(test|contract|fixture)\.tsx?$/.test(path) ||
  /^web\/[^/]+$/.test(path);

function layerOf(path: string): Layer {
  if (isSupport(path)) return 'support';
  if (path.startsWith('web/')) return 'web';
  return shared.find((layer) => path.startsWith(`services/${layer}/`)) ?? 'process';
}

const isOurs = (to: string): boolean => /^(services|web|scripts|tests|nginx|deploy|helm)\//.test(to);
const processOf = (path: string): string => path.split('/')[1] ?? '';

const allowed: Record<Layer, readonly Layer[]> = {
  contract: ['contract'],
  platform: ['contract', 'platform'],
  domain: ['contract', 'platform', 'domain'],
  foundation: ['contract', 'platform', 'domain', 'foundation'],
  process: ['contract', 'platform', 'domain', 'foundation', 'process'],
  web: ['contract', 'web'],
  support: [...shared, 'process', 'web', 'support'],
};

const eachImport = (
  files: readonly SourceFile[],
  broken: (file: SourceFile, to: string) => string | undefined,
): string[] =>
  files.flatMap((file) =>
    file.imports.flatMap(({ to }) => {
      const why = broken(file, to);
      return why ? [`${file.path} imports ${to}: ${why}`] : [];
    }),
  );

export const importsPointOneWay: Rule = (files) =>
  eachImport(files, ({ path }, to) => {
    if (!isOurs(to)) return undefined;
    const [from, target] = [layerOf(path), layerOf(to)];
    return allowed[from].includes(target) ? undefined : `${from} may not import ${target}`;
  });

/** Kinds of runs, and what asks for them, know runs; runs know of each kind what it hands them: see `run-kind.ts`. */
export const runsKnowNoKind: Rule = (files) =>
  eachImport(files, ({ path }, to) => {
    if (layerOf(path) !== 'domain' || !path.startsWith('services/domain/runs/')) return undefined;
    return /^services\/domain\/(chat|stories|schedules)\//.test(to) ? 'runs know no kind of theirs' : undefined;
  });

export const contractNeedsOnlyZod: Rule = (files) =>
  eachImport(files, ({ path }, to) =>
    layerOf(path) === 'contract' && !isOurs(to) && to !== 'zod'
      ? 'the contract imports zod and itself alone'
      : undefined,
  );

export const processesShareNothing: Rule = (files) =>
  eachImport(files, ({ path }, to) => {
    if (!isOurs(to)) return undefined;
    if (/^services\/.*\/main\.ts$/.test(to)) return 'a main.ts has nothing to reuse';
    if (layerOf(path) !== 'process' || layerOf(to) !== 'process') return undefined;
    const same = processOf(path) === processOf(to) || processOf(path) === 'standalone';
    return same ? undefined : 'only standalone is made of other processes';
  });

const opener = /^services\/platform\/[^/]+\/open-[^/]+\.ts$/;

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** An adapter is what an `open-*.ts` imports from its folder when it has chosen it: with `import()`, so that the others cost nothing. */
export const onlyOpenersPickAdapters: Rule = (files) => {
  const openers = files.filter((file) => opener.test(file.path));
  const chosen = openers.flatMap(({ path, imports }) =>
    imports.filter(({ to, dynamic }) => dynamic && folderOf(to) === folderOf(path)),
  );
  const adapters = new Set(chosen.map(({ to }) => to));
  const others = files.filter((file) => !opener.test(file.path) && !isSupport(file.path));
  return eachImport(others, (_, to) => (adapters.has(to) ? 'only open-*.ts picks an adapter' : undefined));
};

const mayReadEnvironment = (path: string): boolean =>
  isSupport(path) || /\/main\.ts$/.test(path) || path === 'services/platform/config/read-environment.ts';

export const onlyMainReadsTheEnvironment: Rule = (files) =>
  files
    .filter((file) => file.readsEnvironment && !mayReadEnvironment(file.path))
    .map((file) => `${file.path} reads process.env: settings come as arguments, from main.ts`);

const longest = 300;

export const filesAreShort: Rule = (files) =>
  files
    .filter((file) => file.lines > longest)
    .map((file) => `${file.path} has ${file.lines} lines, more than ${longest}`);

export const importRules: readonly Rule[] = [
  importsPointOneWay,
  runsKnowNoKind,
  contractNeedsOnlyZod,
  processesShareNothing,
  onlyOpenersPickAdapters,
  onlyMainReadsTheEnvironment,
  filesAreShort,
];
