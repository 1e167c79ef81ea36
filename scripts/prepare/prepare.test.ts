import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintSources } from './build-web.mjs';
import { findStale } from './install.mjs';
import { runQuietly } from './run.mjs';

describe('findStale', () => {
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  const locked = { '': {}, 'node_modules/a': a, 'node_modules/other-platform': { version: '1.0.0', optional: true } };
  const everywhere = () => true;

  it('finds nothing where what is locked is installed, without what is for other platforms', () => {
    expect(findStale(locked, { 'node_modules/a': a }, everywhere)).toBeUndefined();
  });

  it.each([
    ['missing', {}],
    ['of another version', { 'node_modules/a': { ...a, version: '2.0.0' } }],
    ['of other content', { 'node_modules/a': { ...a, integrity: 'sha512-b' } }],
  ])('finds a package that is %s', (_, installed) => {
    expect(findStale(locked, installed, everywhere)).toBe('node_modules/a');
  });

  it('finds a package whose folder was removed', () => {
    expect(findStale(locked, { 'node_modules/a': a }, () => false)).toBe('node_modules/a');
  });
});

describe('fingerprintSources', () => {
  let folder: string;
  const write = async (path: string, text: string) => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lamplight fingerprint-'));
    await write('package-lock.json', '{}');
    await write('web/src/a.ts', 'a');
    await write('services/contract/a.ts', 'a');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is the same for the same files in another place', async () => {
    await cp(folder, `${folder}-copy`, { recursive: true });
    expect(fingerprintSources(`${folder}-copy`)).toBe(fingerprintSources(folder));
    await rm(`${folder}-copy`, { recursive: true });
  });

  it.each(['web/src/a.ts', 'web/src/b.css', 'services/contract/a.ts', 'package-lock.json'])(
    'changes with %s',
    async (path) => {
      const before = fingerprintSources(folder);
      await write(path, 'changed');
      expect(fingerprintSources(folder)).not.toBe(before);
    },
  );

  it.each(['web/dist/a.js', 'web/src/a.test.ts', 'services/api/main.ts'])('does not change with %s', async (path) => {
    const before = fingerprintSources(folder);
    await write(path, 'changed');
    expect(fingerprintSources(folder)).toBe(before);
  });
});

describe('runQuietly', () => {
  it.each([
    ['the exit code', 'console.log("said"); process.exit(3)', 3],
    ['a signal as a shell does', 'console.log("said"); process.kill(process.pid, "SIGTERM")', 143],
  ])('gives %s and what was said', async (_, program, code) => {
    expect(await runQuietly(process.execPath, ['-e', program])).toMatchObject({ code, output: 'said\n' });
  });

  it('answers 127 where there is no such program', async () => {
    expect((await runQuietly('no-such-program', [])).code).toBe(127);
  });
});
