import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tokenResponse } from '#contract/accounts.ts';
import { characterPage } from '#contract/story-parts.ts';
import { runScript } from '#scripts/archive/commands.fixture.ts';
import { spawnLogged } from '#tests/servers/lamplight-process.ts';
import { startStandalone } from '#tests/servers/start-lamplight.ts';
import { TestClient } from '#tests/servers/test-client.ts';

const owl = { id: 'owl', name: 'Owl', who: 'An owl.', traits: ['wise'] };
const folder = (name: string) => mkdtemp(join(tmpdir(), `lamplight-${name}-`));

async function libraryOf(characters: readonly object[]): Promise<string> {
  const dir = await folder('library');
  const files = { characters, scenes: [], prompts: [] };
  for (const [kind, entries] of Object.entries(files))
    await writeFile(join(dir, `${kind}.json`), JSON.stringify(entries));
  return dir;
}

async function charactersAt(url: string): Promise<readonly string[]> {
  const guest = await new TestClient(url, 'none').call('POST', '/api/auth/guest', { name: 'Ada' });
  const client = new TestClient(url, guest.as(tokenResponse).access_token);
  return (await client.call('GET', '/api/characters?limit=100')).as(characterPage).items.map(({ id }) => id);
}

describe('the library', () => {
  it('is taken in at the first start, and by the command while nothing runs', async () => {
    const dataDir = await folder('data');
    const first = await startStandalone({ dataDir });
    const env = { DATA_DIR: dataDir, LIBRARY_DIR: await libraryOf([owl]) };
    try {
      expect((await charactersAt(first.url)).length).toBeGreaterThanOrEqual(24);
      const beside = await runScript('seed', [], { cwd: dataDir, env });
      expect(beside).toMatchObject({ code: 2, stdout: '' });
      expect(beside.stderr).toMatch(/^Another process is using the data in .*\n$/);
    } finally {
      await first.stop();
    }
    const seeded = await runScript('seed', [], { cwd: dataDir, env });
    expect(seeded).toMatchObject({ code: 0, stderr: '' });
    expect(seeded.stdout).toMatch(
      /^characters: 1 added, 0 changed, 2\d removed\nscenes: 0 added, 0 changed, 2\d removed\n/,
    );
    const second = await startStandalone({ dataDir });
    try {
      expect(await charactersAt(second.url)).toEqual(['owl']);
    } finally {
      await second.stop();
    }
  }, 60_000);

  it('with mistakes lets nothing start, nor changes anything, and says where they are', async () => {
    const dir = await folder('start');
    const library = await libraryOf([owl, { ...owl, traits: [] }]);
    const says = [
      'characters.json, entry 2 (owl): entry 1 has this id already',
      'characters.json, entry 2 (owl), traits: ',
    ];
    const env = { DATA_DIR: join(dir, 'data'), PORT: '0', OPS_PORT: '0', LIBRARY_DIR: library };
    await mkdir(env.DATA_DIR);
    const seeded = await runScript('seed', [], { cwd: dir, env });
    expect(seeded).toMatchObject({ code: 2, stdout: '' });
    const logFile = join(dir, 'refused.log');
    const child = spawnLogged('services/standalone/main.ts', [], { env, dir, logFile });
    expect((await once(child, 'exit'))[0]).toBe(78);
    for (const line of says) {
      expect(seeded.stderr).toContain(line);
      expect(await readFile(logFile, 'utf8')).toContain(line);
    }
  }, 30_000);

  it('is seeded by a command that tells what it does, and takes no other words', async () => {
    const cwd = await folder('usage');
    expect(await runScript('seed', ['--help'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    expect(await runScript('seed', ['--force'], { cwd })).toMatchObject({ code: 2, stdout: '' });
  });
});
