import { join } from 'node:path';
import { runOrThrow } from '#scripts/programs/run-program.ts';
import { chartFolder, examplesFolder } from './paths.ts';

/** The oldest Kubernetes that the chart supports; what helm renders for where there is no cluster. */
const oldestKubernetes = '1.30.0';

/** The manifests of an example in `ci/`, as `helm template` gives them. */
export const renderExample = (name: string, args: readonly string[] = []): Promise<string> =>
  renderChart(['--values', join(examplesFolder, `${name}.yaml`), ...args]);

/** Rejects with helm's own words where it refuses. */
export async function renderChart(args: readonly string[]): Promise<string> {
  const where = ['--namespace', 'lamplight', '--kube-version', oldestKubernetes];
  const manifests = await runOrThrow('helm', ['template', 'lamplight', chartFolder, ...where, ...args]);
  // Helm 4 has empty lines after manifests where Helm 3 has none.
  return manifests.replace(/\n+(?=---\n|$)/g, '\n');
}
