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
    const tally = await tallyOf();
    expect(tally).toHaveProperty('failed.length', 4);
    expect(tally).toEqual({
      passed: 2,
      failed: expect.arrayContaining([
        { name: 'outcomes.example.ts > fails', reason: 'expected 1 to be 2 // Object.is equality' },
        { name: 'nobody caught', reason: 'nobody caught this' },
        { name: 'outcomes.example.ts > with a broken set-up', reason: 'its set-up: no set-up' },
        { name: 'broken.example.ts', reason: 'its set-up: this file cannot be loaded' },
      ]),
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
    expect(await tallyOf('outcomes', '-t', 'passes')).toEqual({ passed: 1, failed: [], skipped: [] });
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
