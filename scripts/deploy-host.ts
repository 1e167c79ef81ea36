// npm run deploy-host -- user@host [--help]: puts a release on a host without containers, over ssh, under systemd.
import { runOnHost } from './deploy-host/deploy.ts';
import { readOptions, UsageError, usage } from './deploy-host/options.ts';
import { HostError } from './deploy-host/remote-session.ts';
import { projectNode, root } from './prepare/project.mjs';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (!options) print(usage);
  else if (!(await runOnHost(options, { root, node: projectNode, print }))) process.exitCode = 1;
} catch (error) {
  const plain = error instanceof UsageError || error instanceof HostError;
  console.error(plain ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
