import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** kubectl within one namespace. */
export interface Kubectl {
  /** Rejects with what kubectl said where it fails. */
  run(args: readonly string[], input?: string): Promise<string>;
  apply(manifests: readonly unknown[]): Promise<void>;
  /** Runs a command in a pod's first container, without a shell. */
  exec(pod: string, command: readonly string[], input?: string): Promise<string>;
  /** Pods, events and logs, for whoever reads why something failed. */
  describe(): Promise<string>;
}

const program = 'kubectl';

export function createKubectl(namespace: string): Kubectl {
  const run = async (args: readonly string[], input = ''): Promise<string> => {
    const child = spawn(program, ['--namespace', namespace, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      said.out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said.err += chunk.toString();
    });
    // A command that ends before it has read everything closes the pipe; its exit code tells more.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    if (code !== 0)
      throw new Error(`kubectl ${args.join(' ').slice(0, 200)} ended with ${code}:\n${said.err || said.out}`);
    return said.out;
  };
  return {
    run,
    apply: async (manifests) => {
      const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
      await run(['apply', '--filename', '-'], list);
    },
    exec: (pod, command, input) => run(['exec', '--stdin', '--quiet', pod, '--', ...command], input),
    describe: async () => {
      const asked = [
        ['get', 'pods', '--output', 'wide'],
        ['get', 'events', '--sort-by=.lastTimestamp'],
        ['logs', '--selector=app=lamplight', '--tail=20', '--prefix', '--all-containers'],
      ];
      const answers = await Promise.all(asked.map((args) => run(args).catch((error: unknown) => String(error))));
      return answers.join('\n');
    },
  };
}
