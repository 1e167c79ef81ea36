import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loggedOf } from './watch.ts';

const logged = (second: number, message: string, more: object) =>
  JSON.stringify({ '@timestamp': `2026-01-01T00:00:0${second}.000Z`, message, ...more });

it('tells what all processes logged of a run, in order, also where one was killed in the middle of a line', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lamplight-watch-'));
  const about = { 'lamplight.run.id': 'run-1' };
  const process = async (name: string, ...lines: readonly string[]) => {
    const logFile = join(dir, `${name}.log`);
    await writeFile(logFile, lines.join('\n'));
    return { name, logFile };
  };
  const worker = await process(
    'worker-1',
    logged(3, 'Took over.', { ...about, 'lamplight.run.attempt': 2 }),
    logged(2, 'Other.', { 'lamplight.run.id': 'run-2' }),
    '{"lamplight.run.id":"run-1","mess',
  );
  const realtime = await process('realtime-1', logged(1, 'Accepted.', about));
  expect(await loggedOf('run-1', [worker, realtime])).toEqual([
    '2026-01-01T00:00:01.000Z realtime-1: Accepted.',
    '2026-01-01T00:00:03.000Z worker-1: Took over. (attempt 2)',
    '~ worker-1: {"lamplight.run.id":"run-1","mess',
  ]);
});
