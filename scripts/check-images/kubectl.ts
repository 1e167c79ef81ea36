import { runOrThrow } from '#scripts/programs/run-program.ts';

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

export function createKubectl(namespace: string): Kubectl {
  const run = (args: readonly string[], input?: string): Promise<string> =>
    runOrThrow('kubectl', ['--namespace', namespace, ...args], { input });
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
