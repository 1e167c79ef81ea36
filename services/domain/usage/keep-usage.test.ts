import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runRecord } from '#domain/runs/run-record.fixture.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { anonymiseUsage } from './anonymise-usage.ts';
import { foldUsage } from './fold-usage.ts';
import { sweepUsage } from './sweep-usage.ts';
import { hourMs, type UsageShare } from './usage-records.ts';

const dayMs = 24 * hourMs;

describe('what is kept of usage', () => {
  let app: TestChat;
  beforeEach(async () => {
    app = await createTestChat();
  });
  afterEach(() => app.close());

  const insert = (id: string, at: number, more: Partial<UsageShare> = {}) => {
    const hour = Math.floor(at / hourMs) * hourMs;
    const line = { personId: 'ada', model: 'm', hour, at, counts: { messages: 1 } };
    const share: UsageShare = { _id: id, kind: 'answer', personId: 'ada', lines: [line], folded: false, createdAt: at };
    return app.chat.usage.shares.insertMissing([{ ...share, ...more }]);
  };
  const fold = async () => {
    while (await foldUsage({ records: app.chat.usage, newId: app.chat.newId }));
  };
  const shareIds = async () => {
    const ids: string[] = [];
    for await (const { _id } of app.chat.usage.shares.scan()) ids.push(_id);
    return ids.toSorted();
  };
  const people = async () => {
    const { hours } = app.chat.usage;
    return hours.sum({ where: { hour: { gte: 0 } }, by: ['personId'], fields: ['counts.messages'] });
  };

  it('loses shares of answers after 90 days, of requests after two, and hours after 400; never what is not folded', async () => {
    const now = app.chat.clock.now();
    await insert('answer-89', now - 89 * dayMs);
    await insert('answer-91', now - 91 * dayMs);
    await insert('requests-1', now - dayMs, { kind: 'requests' });
    await insert('requests-3', now - 3 * dayMs, { kind: 'requests' });
    await insert('answer-401', now - 401 * dayMs);
    await fold();
    await insert('waiting', now - 500 * dayMs);
    expect(await sweepUsage(app.chat, 1)).toBe(true);
    while (await sweepUsage(app.chat, 1));
    expect(await shareIds()).toEqual(['answer-89', 'requests-1', 'waiting']);
    expect(await app.chat.usage.hours.count({})).toBe(4);
  });

  it('keeps the shares of old answers while a restored run waits to be settled again', async () => {
    const endedAt = app.chat.clock.now() - 200 * dayMs;
    await insert('old', endedAt);
    await fold();
    const restored = runRecord({ _id: 'old', slot: 'old', status: 'complete', endedAt, createdAt: endedAt });
    await app.chat.records.runs.insert(restored);
    await sweepUsage(app.chat, 10);
    await app.sweep.sweep();
    await sweepUsage(app.chat, 10);
    expect(await shareIds()).toEqual([]);
    await fold();
    expect(await people()).toEqual([{ personId: 'ada', 'counts.messages': 1 }]);
  });

  it('counts an answer whose conversation is deleted before it came to rest, and a retry as no further message', async () => {
    const now = app.chat.clock.now();
    const usage = { inputTokens: 3, outputTokens: 4, estimated: false };
    const ended = { status: 'stopped', endedAt: now, createdAt: now, usage } as const;
    await app.chat.records.conversations.insert({
      ...{ _id: 'talk', ownerId: 'ada', title: 'T', titleSource: 'person', deleted: true },
      ...{ createdAt: now, updatedAt: now - 10_000 },
    });
    const { runs } = app.chat.records;
    await runs.insert(runRecord({ ...ended, _id: 'a', slot: 'a', clientMessageId: 'a' }));
    await runs.insert(runRecord({ ...ended, _id: 'b', slot: 'b', clientMessageId: 'b', retryOf: 'a' }));
    await app.sweep.sweep();
    expect(await runs.count({})).toBe(0);
    await fold();
    const { hours } = app.chat.usage;
    const fields = ['counts.messages', 'counts.conversations', 'counts.inputTokens'];
    expect(await hours.sum({ where: { hour: { gte: 0 } }, by: [], fields })).toEqual([
      { 'counts.messages': 1, 'counts.conversations': 1, 'counts.inputTokens': 6 },
    ]);
  });

  it('has the sums of a deleted person under one id that leads to nobody', async () => {
    for (let n = 0; n < 3; n += 1) await insert(`ada-${n}`, n * hourMs);
    await insert('bob', 0, { personId: 'bob', lines: [{ ...oneLine, personId: 'bob' }] });
    expect(await anonymiseUsage(app.chat.usage, 'ada')).toBe(false);
    await fold();
    expect(await anonymiseUsage(app.chat.usage, 'ada')).toBe(true);
    expect(await anonymiseUsage(app.chat.usage, 'ada')).toBe(true);
    expect(await people()).toEqual(
      expect.arrayContaining([
        { personId: expect.stringMatching(/^deleted-/), 'counts.messages': 3 },
        { personId: 'bob', 'counts.messages': 1 },
      ]),
    );
    expect(await people()).toHaveLength(2);
    for await (const hour of app.chat.usage.hours.scan())
      expect([hour.personId, hour.key].join()).not.toMatch(/\bada\b/);
    expect(await shareIds()).toEqual(['bob']);
  });

  it('goes on with a deletion that was stopped in between, with the same id', async () => {
    for (let n = 0; n < 5; n += 1) await insert(`ada-${n}`, n * hourMs);
    await fold();
    const { hours } = app.chat.usage;
    const { update } = hours;
    let left = 2;
    hours.update = (...change) => (left-- > 0 ? update.apply(hours, change) : Promise.reject(new Error('Killed.')));
    await expect(anonymiseUsage(app.chat.usage, 'ada')).rejects.toThrow('Killed.');
    hours.update = update;
    expect(await people()).toHaveLength(2);
    expect(await anonymiseUsage(app.chat.usage, 'ada')).toBe(true);
    expect(await people()).toEqual([{ personId: expect.stringMatching(/^deleted-/), 'counts.messages': 5 }]);
  });
});

const oneLine = { personId: '', model: 'm', hour: 0, at: 0, counts: { messages: 1 } };
