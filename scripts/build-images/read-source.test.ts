import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { publicAddress, readSource } from './read-source.ts';

let folder: string;
const git = (...args: string[]) =>
  promisify(execFile)('git', ['-C', folder, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], {
    env: { ...process.env, GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z' },
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lamplight-source-'));
  await writeFile(join(folder, 'package.json'), '{"version":"1.2.3"}');
  await git('init', '-q');
  await git('add', '.');
  await git('commit', '-q', '-m', 'begin');
});

describe('readSource', () => {
  it('reads labels from the commit alone, so that they are the same each time', async () => {
    const { stdout } = await git('rev-parse', 'HEAD');
    const source = await readSource(folder, { allowDirty: false });
    expect(source).toEqual({ version: '1.2.3', revision: stdout.trim(), created: '2026-01-02T03:04:05.000Z', url: '' });
    await git('remote', 'add', 'origin', 'https://ada:hunter2@git.example.org/team/lamplight.git');
    expect((await readSource(folder, { allowDirty: false })).url).toBe('https://git.example.org/team/lamplight');
  });

  it('refuses a tree with changes, and says which, unless told', async () => {
    await writeFile(join(folder, 'new.ts'), '');
    await expect(readSource(folder, { allowDirty: false })).rejects.toThrow(/--allow-dirty:\n\?\? new\.ts/);
    expect((await readSource(folder, { allowDirty: true })).revision).toMatch(/^[0-9a-f]{40}-dirty$/);
  });
});

it.each([
  ['git@git.example.org:team/lamplight.git', 'https://git.example.org/team/lamplight'],
  ['ssh://git@git.example.org/team/lamplight.git', 'https://git.example.org/team/lamplight'],
  ['/srv/git/lamplight.git', ''],
  ['file:///srv/git/lamplight.git', ''],
])('shows of the remote %s what people can open', (remote, address) => {
  expect(publicAddress(remote)).toBe(address);
});
