import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
// The signals reach k6 as a call to come to an end, never by themselves.
import { detached, exitOf } from '../../prepare/run.mjs';
import type { LoadCommand } from './command.ts';
import { freeAddress, openControl } from './control.ts';
import { watchProgress } from './progress.ts';

/** k6's own exit code where only thresholds failed. */
const thresholdsFailed = 99;

const folder = join(import.meta.dirname, '..');

/** Runs one load test to its end, in order where a signal asks for that; its exit code. */
export async function runLoad(command: LoadCommand, k6: string): Promise<number> {
  const { out } = command;
  await mkdir(out, { recursive: true });
  const summaryFile = join(out, 'summary.json');
  // So that an earlier run's is not taken for this one's.
  await rm(summaryFile, { force: true });
  const control = await openControl();
  const address = await freeAddress();
  const child = spawn(k6, argumentsOf(command, control.url, address), {
    detached,
    stdio: ['ignore', 'inherit', 'pipe'],
    env: { ...process.env, ...(command.ca !== undefined && { SSL_CERT_FILE: command.ca }) },
  });
  const log = createWriteStream(join(out, 'k6.log'));
  const lines = createInterface({ input: child.stderr });
  lines.on('line', (line) => {
    log.write(`${line}\n`);
    const message = tellingMessage(line);
    if (message !== undefined) console.error(message);
  });
  const onSignal = once(
    () => {
      console.error('Coming to an end: open answers are read and compared. A second signal ends it at once.');
      control.callOff();
    },
    () => child.kill('SIGINT'),
  );
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const progress = watchProgress({ address, file: join(out, 'progress.jsonl'), seconds: command.progressSeconds });
  const code = await exitOf(child);
  await progress.stop();
  await control.close();
  process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  log.end();
  await finished(log);
  return verdict(code, summaryFile);
}

function argumentsOf({ kind, environment, insecure, out }: LoadCommand, control: string, address: string): string[] {
  const variables = { ...environment, LOAD_OUT: out, LOAD_CONTROL: control };
  return [
    'run',
    '--quiet',
    '--no-usage-report',
    '--include-system-env-vars=false',
    '--log-format=json',
    `--address=${address}`,
    ...(insecure ? ['--insecure-skip-tls-verify'] : []),
    ...Object.entries(variables).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
    join(folder, `${kind}.js`),
  ];
}

/** What people shall read of a line of k6's log: not that a request was cut, which belongs to the test. */
function tellingMessage(line: string): string | undefined {
  try {
    const { level, msg } = JSON.parse(line) as { level?: string; msg?: string };
    if (msg === 'Request Failed' || level === 'info' || level === 'debug') return undefined;
    return msg ?? line;
  } catch {
    return line;
  }
}

/** The first call, and all later ones; what comes within a second of the first is the same signal by another way. */
function once(first: () => void, later: () => void): () => void {
  let calledAt: number | undefined;
  return () => {
    if (calledAt === undefined) {
      calledAt = performance.now();
      first();
    } else if (performance.now() - calledAt > 1000) later();
  };
}

async function verdict(code: number, summaryFile: string): Promise<number> {
  let passed: boolean;
  try {
    ({ passed } = JSON.parse(await readFile(summaryFile, 'utf8')) as { passed: boolean });
  } catch {
    console.error(`k6 ended with code ${code} and without a summary.`);
    return 1;
  }
  if (code !== 0 && code !== thresholdsFailed) console.error(`k6 ended with code ${code}.`);
  return passed && code === 0 ? 0 : 1;
}
