import { Redis } from 'ioredis';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { freePort } from '#scripts/programs/free-port.ts';
import { collectingLogger } from '#tests/collecting-logger.ts';
import { type TestServer, waitFor } from '#tests/servers/child.ts';
import { startRedis } from '#tests/servers/programs.ts';
import { newPolicy, testLimits } from './limits.contract.ts';
import { nameOfCount } from './limits.ts';
import { RedisLimits } from './redis-limits.ts';

const url = inject('redisUrl') ?? '';

describe.skipIf(!url)('RedisLimits', () => {
  testLimits(() => RedisLimits.connect(url, collectingLogger()));

  it('counts for all processes together', async () => {
    const [here, there] = [
      await RedisLimits.connect(url, collectingLogger()),
      await RedisLimits.connect(url, collectingLogger()),
    ];
    const policy = newPolicy(10);
    const told = await Promise.all(
      Array.from({ length: 30 }, (_, at) => (at % 2 ? here : there).consume(policy, 'ada')),
    );
    expect(told.filter(({ allowed }) => allowed)).toHaveLength(10);
    await here.reset(policy, 'ada');
    expect(await there.peek(policy, 'ada')).toMatchObject({ used: 0 });
    await Promise.all([here.close(), there.close()]);
  });

  it('holds for all processes together, and leaves room for those that closed', async () => {
    const [here, there] = [
      await RedisLimits.connect(url, collectingLogger()),
      await RedisLimits.connect(url, collectingLogger()),
    ];
    const policy = newPolicy(10);
    const held = await Promise.all(Array.from({ length: 30 }, (_, at) => (at % 2 ? here : there).hold(policy, 'ada')));
    expect(held.filter((leave) => leave !== undefined)).toHaveLength(10);
    expect(await here.hold(policy, 'ada')).toBeUndefined();
    await there.close();
    expect(await here.hold(policy, 'ada')).toBeDefined();
    await here.close();
  });

  it('counts what a process held no longer than its lease, where it died', async () => {
    const limits = await RedisLimits.connect(url, collectingLogger());
    const policy = newPolicy(2);
    const name = `lamplight:limit:held:${nameOfCount(policy, 'ada')}`;
    const redis = new Redis(url);
    await redis.hset(name, { dead: `2:${Date.now() - 1}`, ill: `1:${Date.now() + 60_000}` });
    expect(await limits.hold(policy, 'ada')).toBeDefined();
    expect(await limits.hold(policy, 'ada')).toBeUndefined();
    expect(await redis.hkeys(name)).not.toContain('dead');
    expect(await redis.pttl(name)).toBeGreaterThan(0);
    redis.disconnect();
    await limits.close();
  });

  it('leaves no key of a person in Redis, and nothing for ever', async () => {
    const limits = await RedisLimits.connect(url, collectingLogger());
    const policy = newPolicy(10);
    await limits.consume(policy, 'ada@example.org');
    const redis = new Redis(url);
    const names = await redis.keys(`lamplight:limit:${policy.name}:*`);
    expect(names).toHaveLength(1);
    expect(names[0]).not.toContain('example');
    expect(await redis.pttl(names[0] ?? '')).toBeGreaterThan(0);
    redis.disconnect();
    await limits.close();
  });
});

describe.skipIf(!inject('canStartRedis'))('RedisLimits when Redis fails', () => {
  let server: TestServer;
  let limits: RedisLimits | undefined;
  afterEach(async () => {
    await limits?.close();
    await server.kill();
  });
  const start = async (port: number) => {
    const started = await startRedis({ port });
    if (!started) throw new Error('There is no redis-server.');
    server = started;
  };
  const connect = async () => {
    const { logger, lines } = collectingLogger();
    let countedHere = 0;
    const opened = await RedisLimits.connect(server.url, {
      logger,
      renewMs: 50,
      onLocal: () => {
        countedHere += 1;
      },
    });
    limits = opened;
    const warned = () =>
      lines.filter(({ message }) => message.startsWith('Limits are counted')).map((line) => line.message);
    return { limits: opened, warned, countedHere: () => countedHere };
  };
  const here = 'Limits are counted by this process alone until Redis answers.';
  const together = 'Limits are counted for all processes again.';

  it('limits by itself while Redis is away, and counts for all again when it is back', async () => {
    const port = await freePort();
    await start(port);
    const opened = await connect();
    const policy = newPolicy(2);
    expect(await opened.limits.consume(policy, 'ada')).toMatchObject({ allowed: true });
    await server.kill();
    const told = [];
    for (let count = 0; count < 4; count += 1) told.push((await opened.limits.consume(policy, 'ada')).allowed);
    expect(told).toEqual([true, true, false, false]);
    await opened.limits.giveBack(policy, 'ada', 2);
    expect(await opened.limits.peek(policy, 'ada')).toMatchObject({ used: 2 });
    await opened.limits.reset(policy, 'ada');
    expect(await opened.limits.peek(policy, 'ada')).toMatchObject({ used: 0 });
    expect(opened.countedHere()).toBeGreaterThanOrEqual(8);
    await start(port);
    await waitFor(async () => (await opened.limits.peek(policy, 'eve')) && opened.warned().includes(together), {
      what: 'Redis to be asked again',
    });
    expect(opened.warned()).toEqual([here, together]);
  });

  it('waits a quarter of a second at most for a Redis that hangs, and not at all once it is given up', async () => {
    await start(await freePort());
    const opened = await connect();
    const policy = newPolicy(2);
    await opened.limits.consume(policy, 'ada');
    server.process.kill('SIGSTOP');
    const began = performance.now();
    const told = await Promise.all(Array.from({ length: 50 }, () => opened.limits.consume(policy, 'ada')));
    expect(performance.now() - began).toBeLessThan(700);
    expect(told.filter(({ allowed }) => allowed)).toHaveLength(2);
    await waitFor(
      async () => {
        const asked = performance.now();
        await opened.limits.peek(policy, 'ada');
        return performance.now() - asked < 20;
      },
      { what: 'Redis to be given up' },
    );
    server.process.kill('SIGCONT');
    await waitFor(async () => (await opened.limits.peek(policy, 'eve')) && opened.warned().includes(together), {
      what: 'Redis to be asked again',
    });
  });

  it('begins windows anew where Redis was flushed', async () => {
    await start(await freePort());
    const opened = await connect();
    const policy = newPolicy(1);
    await opened.limits.consume(policy, 'ada');
    const redis = new Redis(server.url);
    await redis.flushall();
    await redis.script('FLUSH');
    redis.disconnect();
    const told = [await opened.limits.consume(policy, 'ada'), await opened.limits.consume(policy, 'ada')];
    expect(told.map(({ allowed }) => allowed)).toEqual([true, false]);
    expect(opened.countedHere()).toBe(0);
  });

  it('holds by itself while Redis is away, and tells all what is held when it is back', async () => {
    const port = await freePort();
    await start(port);
    const opened = await connect();
    const policy = newPolicy(2);
    await opened.limits.hold(policy, 'ada');
    await server.kill();
    const second = await opened.limits.hold(policy, 'ada');
    expect(second).toBeDefined();
    expect(await opened.limits.hold(policy, 'ada')).toBeUndefined();
    expect(opened.warned()).toEqual([here]);
    await start(port);
    const redis = new Redis(server.url);
    const counts = async () => {
      const values = await redis.hvals(`lamplight:limit:held:${nameOfCount(policy, 'ada')}`);
      return values.map((value) => value.split(':')[0]);
    };
    await waitFor(async () => (await counts())[0] === '2', { what: 'what is held to be told' });
    second?.();
    await waitFor(async () => (await counts())[0] === '1', { what: 'what was given back to be told' });
    redis.disconnect();
  });

  it('limits by itself where Redis takes no more', async () => {
    await start(await freePort());
    const opened = await connect();
    const redis = new Redis(server.url);
    await redis.config('SET', 'maxmemory', '1');
    const policy = newPolicy(1);
    const told = [await opened.limits.consume(policy, 'ada'), await opened.limits.consume(policy, 'ada')];
    expect(told.map(({ allowed }) => allowed)).toEqual([true, false]);
    expect(opened.warned()).toEqual([here]);
    redis.disconnect();
  });

  it('starts without Redis', async () => {
    await start(await freePort());
    await server.kill();
    const began = performance.now();
    const opened = await connect();
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(await opened.limits.consume(newPolicy(1), 'ada')).toMatchObject({ allowed: true });
    await opened.limits.close();
    limits = undefined;
  });
});
