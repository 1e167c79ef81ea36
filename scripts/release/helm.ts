import { runProgram } from '#scripts/programs/run-program.ts';
import { type Revision, readHistory } from './history.ts';
import type { Target } from './options.ts';

/** helm ended with something else than 0; the message holds its own words. */
export class HelmFailed extends Error {}

/** helm, for one release. It finds the cluster as always: KUBECONFIG, or its own configuration. */
export class Helm {
  readonly #target: Target;
  /** The first number of its version. */
  readonly #major: number;

  private constructor(target: Target, major: number) {
    this.#target = target;
    this.#major = major;
  }

  static async open(target: Target): Promise<Helm> {
    const version = await helm(['version', '--template', '{{.Version}}']);
    const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
    if (major === undefined || minor === undefined) throw new HelmFailed(`helm calls its version "${version}".`);
    if (major < 3 || (major === 3 && minor < 18))
      throw new HelmFailed(`helm ${version} is too old: 3.18 or 4 is needed.`);
    return new Helm(target, major);
  }

  /** Empty where the release was never installed. */
  async history(): Promise<Revision[]> {
    try {
      return readHistory(await this.#run('history', ['--output', 'json', '--max', '256']));
    } catch (error) {
      if (error instanceof HelmFailed && /release: not found/.test(error.message)) return [];
      throw error;
    }
  }

  /** Puts back what was there where the release does not get ready; throws then too. */
  async upgrade(chart: string, args: readonly string[]): Promise<void> {
    const putBack = this.#major === 3 ? '--atomic' : '--rollback-on-failure';
    await this.#run('upgrade', [chart, '--install', putBack, '--wait', ...this.#timeout, ...args]);
  }

  test(): Promise<string> {
    return this.#run('test', ['--logs', ...this.#timeout]);
  }

  async rollback(revision: number): Promise<void> {
    await this.#run('rollback', [String(revision), '--wait', ...this.#timeout]);
  }

  get #timeout(): readonly string[] {
    return ['--timeout', `${this.#target.timeout}s`];
  }

  #run(command: string, args: readonly string[]): Promise<string> {
    const { release, namespace } = this.#target;
    return helm([command, release, '--namespace', namespace, ...args]);
  }
}

async function helm(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram('helm', args);
  if (code === 0) return stdout.trim();
  throw new HelmFailed(`helm ${args[0]} ended with ${code}:\n${`${stdout}\n${stderr}`.trim()}`);
}
