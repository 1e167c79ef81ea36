import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import type { Logger } from '#platform/telemetry/logger.ts';
import { waitFor } from '#tests/servers/child.ts';
import type { Broadcast, Topic } from './broadcast.ts';

/** Keeps what is logged as warnings and errors. */
export function listeningLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (message: string) => {
    lines.push(message);
  };
  return { lines, error: keep, warn: keep, info: () => {}, debug: () => {} };
}

export const newTopic = (): Topic<{ text: string }> => ({
  name: `test-${randomUUID()}`,
  data: z.object({ text: z.string() }),
});

/** Subscribes, and waits until what is published arrives. */
export async function listen(broadcast: Broadcast, topic: Topic<{ text: string }>) {
  const texts: string[] = [];
  let ready = false;
  const end = broadcast.subscribe(topic, ({ text }) => {
    if (text === 'ready?') ready = true;
    else texts.push(text);
  });
  await waitFor(
    async () => {
      await broadcast.publish(topic, { text: 'ready?' }).catch(() => {});
      return ready;
    },
    { what: 'the subscription' },
  );
  return { texts, end };
}

/** What every broadcast does, whatever it runs on. */
export function testBroadcast(start: (logger: Logger) => Promise<Broadcast>): void {
  const logger = listeningLogger();
  let broadcast: Broadcast;
  beforeAll(async () => {
    broadcast = await start(logger);
  });
  afterAll(() => broadcast.close());

  it('reaches every subscriber of a topic, and of no other', async () => {
    const [topic, otherTopic] = [newTopic(), newTopic()];
    const [first, second] = [await listen(broadcast, topic), await listen(broadcast, topic)];
    const other = await listen(broadcast, otherTopic);
    await broadcast.publish(topic, { text: 'ä 👍 "\n' });
    await broadcast.publish(topic, { text: 'last' });
    await broadcast.publish(otherTopic, { text: 'other' });
    await waitFor(() => second.texts.includes('last') && other.texts.includes('other'), { what: 'the broadcasts' });
    expect(first.texts).toEqual(['ä 👍 "\n', 'last']);
    expect(second.texts).toEqual(first.texts);
    expect(other.texts).toEqual(['other']);
    for (const { end } of [first, second, other]) end();
  });

  it('does not call a listener within the call that publishes', async () => {
    const topic = newTopic();
    const { texts, end } = await listen(broadcast, topic);
    const published = broadcast.publish(topic, { text: 'a' });
    expect(texts).toEqual([]);
    await published;
    await waitFor(() => texts.includes('a'), { what: 'the broadcast' });
    end();
  });

  it('stops where the subscription is ended, also twice, and begins again', async () => {
    const topic = newTopic();
    const [ended, other] = [await listen(broadcast, topic), await listen(broadcast, topic)];
    ended.end();
    ended.end();
    await broadcast.publish(topic, { text: 'a' });
    await waitFor(() => other.texts.includes('a'), { what: 'the broadcast' });
    expect(ended.texts).toEqual([]);
    other.end();
    const again = await listen(broadcast, topic);
    ended.end();
    await broadcast.publish(topic, { text: 'b' });
    await waitFor(() => again.texts.includes('b'), { what: 'the broadcast' });
    expect(other.texts).toEqual(['a']);
    again.end();
  });

  it('drops what does not fit the schema of the topic, and says so', async () => {
    const topic = newTopic();
    const { texts, end } = await listen(broadcast, topic);
    // Another release may have another schema under the same name.
    await broadcast.publish({ name: topic.name, data: z.object({ text: z.number() }) }, { text: 1 });
    await broadcast.publish(
      { name: topic.name, data: z.object({ text: z.string(), more: z.string() }) },
      { text: 'fits', more: '!' },
    );
    await waitFor(() => texts.length > 0, { what: 'the broadcast' });
    expect(texts).toEqual(['fits']);
    expect(logger.lines).toContain(`A broadcast on ${topic.name} does not fit its schema and is dropped.`);
    end();
  });

  it('keeps listeners apart: one that throws does not stop another', async () => {
    const topic = newTopic();
    const end = broadcast.subscribe(topic, () => {
      throw new Error('a listener that breaks');
    });
    const other = await listen(broadcast, topic);
    await broadcast.publish(topic, { text: 'a' });
    await waitFor(() => other.texts.includes('a'), { what: 'the broadcast' });
    expect(logger.lines).toContain(`A listener of the broadcast ${topic.name} failed.`);
    end();
    other.end();
  });

  it('answers a ping', async () => {
    await expect(broadcast.ping()).resolves.toBeUndefined();
  });

  it('cannot be used once it is closed', async () => {
    const closed = await start(logger);
    await closed.close();
    await expect(closed.publish(newTopic(), { text: 'a' })).rejects.toThrow();
    await expect(closed.ping()).rejects.toThrow();
  });
}
