import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const source = (path: string): string => JSON.stringify(import.meta.resolve(path));

/** Opens files until there are no more to open, then runs a program. */
const script = `
import { openSync } from 'node:fs';
import { systemClock } from ${source('../clock.ts')};
import { runProgram } from ${source('./run-program.ts')};
const { signal } = new AbortController();
const run = { program: 'true', args: [], input: '', signal, clock: systemClock, timeoutMs: 5_000, maxBytes: 100 };
try { for (;;) openSync('/dev/null', 'r'); } catch (error) { process.stdout.write(error.code + ' '); }
await runProgram(run).catch(({ name, reason }) => process.stdout.write(name + ' ' + reason));
`;

it('a program that cannot be started for want of files takes its process not along', () => {
  const { stdout, status } = spawnSync(
    'sh',
    ['-c', 'ulimit -n 64; exec "$0" --input-type=module-typescript -', process.execPath],
    { input: script, encoding: 'utf8', cwd: fileURLToPath(new URL('.', import.meta.url)) },
  );
  expect({ stdout, status }).toEqual({ stdout: 'EMFILE ProgramError failed', status: 0 });
});
