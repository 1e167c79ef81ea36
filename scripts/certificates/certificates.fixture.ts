import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const program = resolve(import.meta.dirname, '../certificates.sh');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of whoever runs the tests are none of the script's. */
const environment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], ...env });

/** Calls scripts/certificates.sh and waits for its end. */
export const certificates = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
  new Promise((done) => {
    execFile('sh', [program, ...args], { env: environment(env), timeout: 60_000 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });

/** Starts scripts/certificates.sh; `stop` ends it by SIGTERM and answers its exit code. */
export function startCertificates(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn('sh', [program, ...args], { env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return {
    output: () => output,
    stop: async (): Promise<number | null> => {
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, 'exit');
        child.kill('SIGTERM');
        await exit;
      }
      return child.exitCode;
    },
  };
}
