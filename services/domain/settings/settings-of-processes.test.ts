import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Broadcast } from '#platform/broadcast/broadcast.ts';
import { openBroadcast } from '#platform/broadcast/open-broadcast.ts';
import { systemClock } from '#platform/clock.ts';
import { openSqliteStore } from '#platform/store/sqlite-store.ts';
import type { Store } from '#platform/store/store.ts';
import { freePort } from '#scripts/programs/free-port.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { type TestServer, waitFor } from '#tests/servers/child.ts';
import { findProgram, startRedis } from '#tests/servers/programs.ts';
import { generousSettings } from './generous-settings.fixture.ts';
import { RuntimeSettingsStore } from './runtime-settings.ts';
import { settingsCollection } from './settings-records.ts';

describe.skipIf(!findProgram('redis-server'))('run-time settings of two processes on Redis', () => {
  const { logger, lines } = collectingLogger();
  const opened: { broadcast: Broadcast; settings: RuntimeSettingsStore }[] = [];
  let store: Store;
  let redis: TestServer | undefined;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    redis = await startRedis({ port });
    store = await openSqliteStore({ file: ':memory:', logger });
    await store.prepare([settingsCollection]);
  });
  afterEach(async () => {
    for (const { broadcast, settings } of opened.splice(0)) {
      settings.close();
      await broadcast.close();
    }
  });
  afterAll(async () => {
    await redis?.stop();
    await store.close();
  });

  const process = async (): Promise<RuntimeSettingsStore> => {
    const storage = { kind: 'servers', mongodbUri: '', redisUrl: `redis://127.0.0.1:${port}` } as const;
    const broadcast = await openBroadcast(storage, { logger });
    const options = { store, broadcast, clock: systemClock, logger, defaults: generousSettings };
    const settings = new RuntimeSettingsStore(options);
    opened.push({ broadcast, settings });
    await settings.start();
    return settings;
  };

  it('are the same within a second of a change', async () => {
    const [one, two] = [await process(), await process()];
    const began = performance.now();
    await one.change({ banner: 'Hello' });
    await waitFor(() => two.current().banner === 'Hello', { what: 'the other process', everyMs: 2 });
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('are the same as soon as Redis is back, where they changed without it', async () => {
    const [one, two] = [await process(), await process()];
    await redis?.stop();
    await one.change({ banner: 'Without Redis' });
    expect(one.current().banner).toBe('Without Redis');
    expect(lines.map(({ message }) => message)).toContainEqual(expect.stringContaining('were not told'));
    expect(two.current().banner).not.toBe('Without Redis');
    redis = await startRedis({ port });
    await waitFor(() => two.current().banner === 'Without Redis', { what: 'the other process' });
  });
});
