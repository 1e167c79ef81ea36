import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createTestChat } from '#tests/servers/test-chat.ts';
import { requireServers } from './require-servers.ts';

const services = fileURLToPath(new URL('..', import.meta.url));

/** Runs a process to its end; its exit code and what it said. */
async function run(name: string, env: Record<string, string>): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [`${services}${name}/main.ts`], {
    env,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, said };
}

describe('a process that is one of several', () => {
  it.each(['api', 'realtime', 'worker', 'scheduler'])('says what it needs and ends: %s', async (name) => {
    const { code, said } = await run(name, {});
    expect([code, said]).toEqual([78, expect.stringContaining('Set MONGODB_URI and REDIS_URL')]);
  });

  it.each(['worker', 'migrate', 'standalone'])(
    'makes no secret of its own, which the others would not know: %s',
    async (name) => {
      const { code, said } = await run(name, { MONGODB_URI: 'mongodb://127.0.0.1', REDIS_URL: 'redis://127.0.0.1' });
      expect([code, said]).toEqual([78, expect.stringContaining('JWT_SECRET: is missing')]);
    },
  );

  it('says every mistake in its settings and ends', async () => {
    const { code, said } = await run('api', { PORT: 'x', LOG_LEVEL: 'loud' });
    expect([code, said]).toEqual([78, expect.stringMatching(/PORT.*\n.*LOG_LEVEL/s)]);
  });

  it('says that what is to read aloud is not there, and ends', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'speech-'));
    const env = {
      SPEECH: 'espeak',
      PATH: folder,
      DATA_DIR: folder,
      PORT: '0',
      OPS_PORT: '0',
      JWT_SECRET: 'x'.repeat(40),
    };
    const { code, said } = await run('standalone', env);
    await rm(folder, { recursive: true });
    expect([code, said]).toEqual([
      78,
      expect.stringContaining('SPEECH: is espeak, but `espeak-ng` cannot be run here'),
    ]);
  });

  it('goes on with its servers', async () => {
    const app = await createTestChat();
    const storage = { kind: 'servers', mongodbUri: 'mongodb://x', redisUrl: 'redis://x' } as const;
    const config = { ...app.foundation.config, storage };
    expect(requireServers(config)).toBe(config);
    await app.close();
  });
});
