import { join } from 'node:path';
import { runProgram } from '#scripts/programs/run-program.ts';
import { makeSchemas } from './make-schemas.ts';
import { chartFolder, exampleNames, examplesFolder } from './paths.ts';
import { renderExample } from './render-chart.ts';
import { kubernetesVersions } from './schema-sources.ts';
import { askApiServer, validateManifests } from './validate-manifests.ts';

/** All that is wrong with the chart: each example linted, and held to each supported Kubernetes. */
export async function checkChart({ cluster }: { cluster: boolean }): Promise<string[]> {
  const schemas = await makeSchemas();
  const problems: string[] = [];
  const add = (name: string, found: readonly string[]) => {
    problems.push(...found.map((line) => `ci/${name}.yaml: ${line}`));
  };
  for (const name of exampleNames()) {
    const lint = await runProgram('helm', [
      'lint',
      '--strict',
      chartFolder,
      '-f',
      join(examplesFolder, `${name}.yaml`),
    ]);
    if (lint.code !== 0) add(name, [lint.stdout.trim()]);
    const manifests = await renderExample(name);
    for (const version of kubernetesVersions) add(name, await validateManifests(manifests, schemas, version));
    // Without the pod of `helm test`: its service account must be there, dry run or not.
    if (cluster) add(name, await askApiServer(await renderExample(name, ['--namespace', 'default', '--skip-tests'])));
  }
  return problems;
}
