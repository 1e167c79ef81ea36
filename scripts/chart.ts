// Keeps the chart's README, schema and golden renders current, and checks it: npm run chart -- update | check | schemas
import { parseArgs } from 'node:util';
import { checkChart } from './chart/check-chart.ts';
import { staleFiles, updateFiles } from './chart/generated-files.ts';
import { makeSchemas } from './chart/make-schemas.ts';

const usage = `npm run chart -- COMMAND

  update   writes what is made from other files: README.md (from values.yaml), the settings in values.schema.json (from
           services/platform/config/settings.ts) and helm/golden (the renders of ci/*.yaml)
  check    helm lint, whether those files are current, and kubeconform for each supported Kubernetes
  schemas  makes the schemas that kubeconform reads, prints their folder

Needs helm; check needs kubeconform, and Go to make the schemas once. With KUBECONFIG set, check also asks that cluster's
API server (kubectl apply --dry-run=server).
`;

async function main(args: readonly string[]): Promise<number> {
  const command = readCommand(args);
  if (command === 'update') {
    for (const name of await updateFiles()) console.log(`wrote ${name}`);
    return 0;
  }
  if (command === 'schemas') {
    console.log(await makeSchemas());
    return 0;
  }
  if (command === 'check') {
    const stale = await staleFiles();
    const problems = stale.map((name) => `${name} is not current: npm run chart -- update`);
    problems.push(...(await checkChart({ cluster: process.env['KUBECONFIG'] !== undefined })));
    for (const problem of problems) console.error(problem);
    console.log(problems.length === 0 ? 'The chart is in order.' : `${problems.length} problems.`);
    return problems.length === 0 ? 0 : 1;
  }
  const asked = command === 'help';
  (asked ? process.stdout : process.stderr).write(usage);
  return asked ? 0 : 2;
}

function readCommand(args: readonly string[]): string | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean' } },
    });
    return values.help ? 'help' : positionals.length === 1 ? positionals[0] : undefined;
  } catch {
    return undefined;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
