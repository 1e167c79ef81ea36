import { join } from 'node:path';
import { runProgram } from '#scripts/programs/run-program.ts';

/** Holds manifests to the types of one version of Kubernetes and of its extensions; what kubeconform finds wrong. */
export async function validateManifests(manifests: string, schemas: string, version: string): Promise<string[]> {
  const locations = [version, 'others'].flatMap((folder) => [
    '-schema-location',
    join(schemas, folder, '{{ .ResourceKind }}{{ .KindSuffix }}.json'),
  ]);
  const { code, stdout, stderr } = await runProgram('kubeconform', ['-strict', '-summary', ...locations], {
    input: manifests,
  });
  const lines = `${stdout}${stderr}`.trim().split('\n');
  if (code === 0 && /Invalid: 0, Errors: 0, Skipped: 0/.test(stdout)) return [];
  return lines.map((line) => `${version}: ${line}`);
}

/**
 * Asks the API server of the cluster that KUBECONFIG names; what it refuses. Kinds of
 * extensions that it does not have are left out.
 */
export async function askApiServer(manifests: string): Promise<string[]> {
  const args = ['apply', '--dry-run=server', '--namespace', 'default', '--filename', '-'];
  const { stderr } = await runProgram('kubectl', args, { input: manifests });
  const unknown = /no matches for kind "(HTTPRoute|ServiceMonitor|Certificate|ScaledObject)"|ensure CRDs are installed/;
  return stderr.split('\n').filter((line) => line.trim() !== '' && !unknown.test(line));
}
