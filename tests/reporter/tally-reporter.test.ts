import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { skipReason } from './skip-reason.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function tallyOf(...args: string[]): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'lamplight-tally-'));
  const file = join(folder, 'tally.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const example = join(root, 'tests/reporter/example');
  const options = ['--root', example, '--config', join(example, 'vitest.config.ts'), '--coverage.enabled=false'];
  const reporter = `--reporter=${join(root, 'tests/reporter/tally-reporter.ts')}`;
  await new Promise((resolve) => {
    const env = { ...process.env, TEST_TALLY_FILE: file };
    execFile(process.execPath, [vitest, 'run', ...options, reporter, ...args], { cwd: root, env }, resolve);
  });
  const tally: unknown = JSON.parse(await readFile(file, 'utf8'));
  await rm(folder, { recursive: true });
  return tally;
}

describe('the tally', () => {
  it('counts what failed in any way, and names what was skipped with its reason', async () => {
    expect(await tallyOf()).toEqual({
      passed: 2,
      // a test, an error that nobody caught, a set-up, a file
      failed: 4,
      skipped: [
        { name: 'outcomes.example.ts > says why it is skipped', reason: 'not on this machine' },
        {
          name: 'outcomes.example.ts > with Redis > is skipped',
          reason: 'needs a Redis to restart (put redis-server on the PATH)',
        },
        { name: 'outcomes.example.ts > with a broken set-up > does not run', reason: 'the set-up of its suite failed' },
      ],
    });
  });

  it('does not count tests that were not asked for', async () => {
    expect(await tallyOf('outcomes', '-t', 'passes')).toEqual({ passed: 1, failed: 0, skipped: [] });
  });
});

describe('skipReason', () => {
  it('names all that a file needs and does not get', () => {
    const source = `inject('redisUrl'); inject('mongodbUri'); inject('chromium')`;
    const reason = skipReason(source, { redisUrl: 'redis://127.0.0.1' });
    expect(reason).toMatch(/^needs MongoDB .*; needs a browser/);
  });

  it('says so where nothing is missing', () => {
    expect(skipReason(`it.skip('later')`, {})).toBe('switched off in its source');
  });
});
