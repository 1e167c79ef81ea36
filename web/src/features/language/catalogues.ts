/** Texts by namespace and key. A namespace is a folder of `features/`, or `ui`; its texts stand there in `texts/<language>.json`. */
export type Catalogue = Readonly<Record<string, object>>;

const files = import.meta.glob<object>(['../*/texts/*.json', '../../ui/texts/*.json'], { import: 'default' });

/** Reads the texts of one language, or of some of its namespaces; in the built page they are two files (`laterNamespaces`). */
export async function readCatalogue(
  language: string,
  isWanted: (namespace: string) => boolean = () => true,
): Promise<Catalogue> {
  const paths = Object.keys(files).filter((path) => path.endsWith(`/${language}.json`));
  const entries = paths
    .map((path) => [namespaceOf(path), path] as const)
    .filter(([namespace]) => isWanted(namespace))
    .map(async ([namespace, path]) => [namespace, (await files[path]?.()) ?? {}] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Paths are relative to this folder, whose own texts are at `./texts/`. */
const namespaceOf = (path: string): string =>
  new URL(path, 'file:///features/language/').pathname.split('/').at(-3) ?? '';
