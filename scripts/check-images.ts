// Runs the built images in a scratch namespace of any Kubernetes, with restricted rights and a read-only root, and asks them
// what they are for: node scripts/check-images.ts --tag TAG
import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { checkEdge, checkServer, endsInOrder } from './check-images/checks.ts';
import { createKubectl } from './check-images/kubectl.ts';
import { manifests } from './check-images/manifests.ts';

const help = `usage: node scripts/check-images.ts --tag TAG [--prefix docker.io/lamplight] [--keep]

Checks the images PREFIX/server:TAG and PREFIX/edge:TAG on the cluster of KUBECONFIG, in a namespace of its own, which it
removes at the end (--keep leaves it). LOAD_IMAGES="COMMAND" is called with both names first, to make them known to the cluster.

Exit codes: 0 all is well, 1 a check failed, 2 wrong usage.
`;

function readArguments() {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { tag: text, prefix: text, keep: flag, help: { ...flag, short: 'h' } } });
  if (!values.help && !values.tag) throw new Error('Say which images: --tag TAG.');
  return {
    tag: values.tag ?? '',
    prefix: values.prefix ?? 'docker.io/lamplight',
    keep: values.keep,
    help: values.help,
  };
}

async function main(): Promise<number> {
  let options: ReturnType<typeof readArguments>;
  try {
    options = readArguments();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${help}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  const images = { server: `${options.prefix}/server:${options.tag}`, edge: `${options.prefix}/edge:${options.tag}` };
  const [load, ...loadArguments] = (process.env['LOAD_IMAGES'] ?? '').split(/\s+/).filter((part) => part !== '');
  if (load) await promisify(execFile)(load, [...loadArguments, ...Object.values(images)]);

  const namespace = `check-images-${process.pid}-${Date.now().toString(36)}`;
  const kubectl = createKubectl(namespace);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  try {
    await kubectl.apply(manifests(namespace, images));
    await kubectl.run(['wait', '--for=condition=Ready', 'pod', '--all', '--timeout=120s']);
    await checkServer(kubectl, say);
    await checkEdge(kubectl, say);
    await endsInOrder(kubectl, say);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${await kubectl.describe()}\n`);
    return 1;
  } finally {
    if (!options.keep) await kubectl.run(['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found']);
  }
}

process.exitCode = await main();
