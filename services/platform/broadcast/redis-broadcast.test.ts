import { Redis } from 'ioredis';
import { describe, expect, inject, it } from 'vitest';
import { freePort } from '#scripts/programs/free-port.ts';
import { type TestServer, waitFor } from '#tests/servers/child.ts';
import { startRedis } from '#tests/servers/programs.ts';
import { listen, listeningLogger, newTopic, testBroadcast } from './broadcast.contract.ts';
import { RedisBroadcast } from './redis-broadcast.ts';

const url = inject('redisUrl') ?? '';

describe.skipIf(!url)('RedisBroadcast', () => {
  testBroadcast((logger) => RedisBroadcast.connect(url, { logger }));

  it('reaches subscribers in every process', async () => {
    const logger = listeningLogger();
    const [here, there] = [
      await RedisBroadcast.connect(url, { logger }),
      await RedisBroadcast.connect(url, { logger }),
    ];
    const topic = newTopic();
    const { texts } = await listen(there, topic);
    await here.publish(topic, { text: 'from here' });
    await waitFor(() => texts.length > 0, { what: 'the broadcast' });
    expect(texts).toEqual(['from here']);
    await Promise.all([here.close(), there.close()]);
  });

  it('drops what is not JSON, and says so', async () => {
    const logger = listeningLogger();
    const broadcast = await RedisBroadcast.connect(url, { logger });
    const topic = newTopic();
    const { texts } = await listen(broadcast, topic);
    const redis = new Redis(url);
    await redis.publish(`lamplight:broadcast:${topic.name}`, '{"text":');
    await redis.publish(`lamplight:broadcast:${topic.name}`, '{"text":"whole"}');
    await waitFor(() => texts.length > 0, { what: 'the broadcast' });
    expect(logger.lines).toEqual([`A broadcast on ${topic.name} is not JSON and is dropped.`]);
    redis.disconnect();
    await broadcast.close();
  });

  it('no longer asks Redis for a topic that nobody listens to', async () => {
    const broadcast = await RedisBroadcast.connect(url, { logger: listeningLogger() });
    const topic = newTopic();
    const { end } = await listen(broadcast, topic);
    const redis = new Redis(url);
    const channels = () => redis.pubsub('CHANNELS', `*${topic.name}`);
    expect(await channels()).toHaveLength(1);
    end();
    await waitFor(async () => (await channels()).length === 0, { what: 'the channel to be left' });
    redis.disconnect();
    await broadcast.close();
  });
});

describe.skipIf(!inject('canStartRedis'))('RedisBroadcast when Redis fails', () => {
  async function start(port: number): Promise<TestServer> {
    const server = await startRedis({ port });
    if (!server) throw new Error('There is no redis-server.');
    return server;
  }

  it('subscribes again when Redis is back, and only then tells that it was away', async () => {
    const port = await freePort();
    const logger = listeningLogger();
    const first = await start(port);
    const broadcast = await RedisBroadcast.connect(first.url, { logger });
    const topic = newTopic();
    const { texts } = await listen(broadcast, topic);
    let sent: Promise<void> | undefined;
    broadcast.onReconnect(() => {
      throw new Error('a listener that breaks');
    });
    broadcast.onReconnect(() => {
      sent = broadcast.publish(topic, { text: 'I am back' });
    });
    await first.kill();
    await expect(broadcast.publish(topic, { text: 'lost' })).rejects.toThrow();
    await expect(broadcast.ping()).rejects.toThrow();
    expect(sent).toBeUndefined();
    // A topic that is first asked for while Redis is away.
    const later = newTopic();
    const laterTexts: string[] = [];
    broadcast.subscribe(later, ({ text }) => laterTexts.push(text));
    const second = await start(port);
    await waitFor(() => sent !== undefined, { what: 'the reconnect listener' });
    await sent;
    await broadcast.publish(later, { text: 'later' });
    await waitFor(() => texts.includes('I am back') && laterTexts.length > 0, { what: 'the broadcasts' });
    expect(texts).toEqual(['I am back']);
    expect(laterTexts).toEqual(['later']);
    expect(logger.lines).toEqual([
      'The connection to Redis for subscriber is lost; trying again until it is back.',
      'A listener of the broadcast reconnect failed.',
    ]);
    await broadcast.close();
    await second.kill();
  });

  it('notices a Redis that hangs, although it sends nothing', async () => {
    const server = await start(await freePort());
    const logger = listeningLogger();
    const broadcast = await RedisBroadcast.connect(server.url, { logger, heartbeatMs: 100 });
    const { texts } = await listen(broadcast, newTopic());
    let reconnects = 0;
    broadcast.onReconnect(() => {
      reconnects += 1;
    });
    server.process.kill('SIGSTOP');
    await waitFor(() => logger.lines.length > 0, { what: 'the silence to be noticed' });
    server.process.kill('SIGCONT');
    await waitFor(() => reconnects === 1, { what: 'the reconnect' });
    expect(texts).toEqual([]);
    await broadcast.close();
    await server.kill();
  });

  it('says so where Redis does not allow a subscription', async () => {
    const server = await start(await freePort());
    const redis = new Redis(server.url);
    await redis.acl('SETUSER', 'default', 'resetchannels');
    redis.disconnect();
    const logger = listeningLogger();
    const broadcast = await RedisBroadcast.connect(server.url, { logger });
    broadcast.subscribe(newTopic(), () => {});
    await waitFor(() => logger.lines.length > 0, { what: 'the refusal to be logged' });
    expect(logger.lines).toEqual(['Redis refused a subscription to broadcasts.']);
    await broadcast.close();
    await server.kill();
  });
});
