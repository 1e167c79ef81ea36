import { join } from 'node:path';
import { runOrThrow } from '#scripts/programs/run-program.ts';
import { chartFolder, examplesFolder } from './paths.ts';

/** The oldest Kubernetes that the chart supports; what helm renders for where there is no cluster. */
const oldestKubernetes = '1.30.0';

/** The manifests of an example in `ci/`, as `helm template` gives them, but the same each time: without what is random. */
export const renderExample = async (name: string, args: readonly string[] = []): Promise<string> =>
  (await renderChart(['--values', join(examplesFolder, `${name}.yaml`), ...args])).replace(
    /^( {2}(?:JWT_SECRET|ADMIN_PASSWORD): )"[A-Za-z0-9]+"$/gm,
    '$1"random"',
  );

/** Rejects with helm's own words where it refuses. */
export async function renderChart(args: readonly string[]): Promise<string> {
  const where = ['--namespace', 'lamplight', '--kube-version', oldestKubernetes];
  const manifests = await runOrThrow('helm', ['template', 'lamplight', chartFolder, ...where, ...args]);
  // Helm 4 has empty lines after manifests where Helm 3 has none.
  return manifests.replace(/\n+(?=---\n|$)/g, '\n');
}
