import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobData } from '#contract/jobs.ts';
import { copyRun } from '#domain/chat/copy-run.ts';
import { storyOrderOf } from '#domain/stories/story-order.fixture.ts';
import { storeUnavailable } from '#platform/errors.ts';
import { currentTrace } from '#platform/telemetry/trace.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { Freezable, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { runRecord } from './run-record.fixture.ts';
import type { RunRecord } from './run-records.ts';

const part = { index: 0, kind: 'text' } as const;

describe('the sweep of runs', () => {
  let time: VirtualTime;
  let app: TestChat;
  /** What was added to the queue: `id data`. */
  let added: Array<{ id: string | undefined; data: unknown }>;
  /** The traces in which that was done. */
  let traces: Array<string | undefined>;
  let refuse: (id: string | undefined) => Error | undefined;
  const clock = () => new Freezable(time).clock(0);
  beforeEach(async () => {
    time = new VirtualTime();
    added = [];
    traces = [];
    refuse = () => undefined;
    app = await createTestChat({
      clock: clock(),
      models: new ScriptedModels(),
      ports: ({ queue }) => ({
        queue: new Proxy(queue, {
          get: (target, key) => {
            const member: unknown = Reflect.get(target, key);
            if (key !== 'add') return typeof member === 'function' ? member.bind(target) : member;
            return async (...args: Parameters<typeof queue.add>) => {
              const error = refuse(args[2]?.id);
              if (error) throw error;
              traces.push(currentTrace()?.traceId);
              added.push({ id: args[2]?.id, data: args[1] });
            };
          },
        }),
      }),
    });
  });
  afterEach(() => app.close());

  const insert = async (changes: Partial<RunRecord> = {}, id = 'run') => {
    const own = { _id: id, slot: id, clientMessageId: id, userMessageId: `${id}-q`, messageId: `${id}-a` };
    await app.chat.records.runs.insert(runRecord({ leaseUntil: clock().now(), newTitle: 'Hi', ...own, ...changes }));
  };
  const run = (id = 'run') => app.chat.records.runs.get(id);
  const pass = async (ms: number) => {
    await time.advance(ms);
    await app.sweep.sweep();
  };
  const repairs = async (kind: string) => {
    const { body } = await app.foundation.telemetry.metrics.expose();
    return Number(
      new RegExp(`^lamplight_sweep_repairs_total\\{.*kind="${kind}".*\\} (\\d+)$`, 'm').exec(body)?.[1] ?? 0,
    );
  };
  const answer = (id: string, leaseUntil?: number): { id: string; data: JobData<'answer'> } => ({
    id: `answer-${id}`,
    data: { runId: id.split('-')[0] ?? '', ...(leaseUntil !== undefined && { leaseUntil }) },
  });

  it('adds the job of a run that waits, and what its conversation misses', async () => {
    await insert();
    await pass(999);
    expect(added, 'its first job may be under way').toEqual([]);
    await pass(1);
    expect(added).toEqual([answer('run-1')]);
    expect(await app.chat.records.messages.getMany(['run-q', 'run-a'])).toHaveLength(2);
    expect(await app.chat.records.conversations.get('talk')).toMatchObject({ title: 'Hi' });
    expect(await repairs('queued')).toBe(1);
    await pass(2_000);
    expect(added, 'its job may have been lost again').toHaveLength(2);
    expect(await repairs('queued'), 'it only waits').toBe(1);
  });

  it('adds a job of another id where the first seems stuck', async () => {
    await insert();
    for (let passes = 0; passes < 12; passes += 1) await pass(2_000);
    expect([...new Set(added.map(({ id }) => id))]).toEqual(['answer-run-1', 'answer-run-1-1', 'answer-run-1-2']);
  });

  it('leaves few jobs of a story behind that waits for hours', async () => {
    await insert({ kind: 'story', order: storyOrderOf() });
    for (let passes = 0; passes < 720; passes += 1) await pass(5_000);
    const ids = [...new Set(added.map(({ id }) => id))];
    expect(ids.slice(0, 3)).toEqual(['story-run-1', 'story-run-1-1', 'story-run-1-2']);
    expect(ids).toHaveLength(10);
  });

  it('finds an answer behind however many stories that wait longer, and sees to it first', async () => {
    const stories = Array.from({ length: 1_200 }, (_, number) => {
      const id = `story${number}`;
      const own = { _id: id, slot: id, clientMessageId: id, conversationId: id, leaseUntil: clock().now() };
      return runRecord({ kind: 'story', order: storyOrderOf(), ...own });
    });
    await app.chat.records.runs.insertMissing(stories);
    await time.advance(10);
    await insert();
    await pass(1_000);
    expect(added.map(({ id }) => id).slice(0, 2)).toEqual(['answer-run-1', 'story-story0-1']);
    expect(added).toHaveLength(501);
    expect(await app.chat.records.messages.getMany(['run-q', 'run-a'])).toHaveLength(2);
  });

  it('ends a run that waits and is to be stopped', async () => {
    await insert({ stopRequested: true, output: [{ ...part, text: 'Once' }], length: 4 });
    await pass(1_000);
    expect(await run()).toMatchObject({ status: 'stopped', length: 4, settled: true });
    expect(added).toEqual([]);
  });

  it('takes over from a worker whose lease was seen unchanged for three seconds after it lapsed', async () => {
    await insert({ status: 'running', attempt: 1, leaseUntil: clock().now() + 2_000 });
    const leaseUntil = (await run())?.leaseUntil ?? 0;
    await pass(0);
    await pass(1_999);
    expect(added, 'it has not lapsed').toEqual([]);
    await pass(1_000);
    expect(added, 'it was not seen for long enough').toEqual([]);
    await pass(1);
    expect(added).toEqual([answer('run-2', leaseUntil)]);
    expect(await repairs('lapsed')).toBe(1);
  });

  it('takes nothing over that is renewed, however wrong its worker’s clock is', async () => {
    await insert({ status: 'running', attempt: 1, leaseUntil: clock().now() - 60_000 });
    for (let passes = 0; passes < 5; passes += 1) {
      await app.chat.records.runs.update('run', { increment: { leaseUntil: 2_000 } });
      await pass(2_000);
    }
    expect(added).toEqual([]);
    await pass(3_000);
    expect(added).toHaveLength(1);
  });

  it('observes leases anew where the store was away, for their workers as well', async () => {
    await insert({ status: 'running', attempt: 1 });
    await pass(0);
    await insert({}, 'waits');
    refuse = () => storeUnavailable(new Error('away'));
    await expect(pass(2_000)).rejects.toMatchObject({ code: 'store_unavailable' });
    refuse = () => undefined;
    await pass(2_000);
    expect(added.map(({ id }) => id)).toEqual(['answer-waits-1']);
    await pass(3_000);
    expect(added.map(({ id }) => id)).toContain('answer-run-2');
  });

  it('works on each answer in the trace of its send', async () => {
    const [waits, lapsed, over] = ['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32)];
    await insert({ traceId: waits });
    await insert({ status: 'running', attempt: 1, traceId: lapsed }, 'lapsed');
    await insert({ status: 'complete', endedAt: clock().now(), attempt: 1, traceId: over }, 'over');
    await app.sweep.sweep();
    await pass(3_000);
    expect(traces.toSorted()).toEqual([waits, lapsed, over]);
  });

  it('takes everything over at once for a process that has the store alone', async () => {
    await insert({ status: 'running', attempt: 2, leaseUntil: clock().now() + 6_000 });
    await insert({ status: 'complete', settled: true, endedAt: 1 }, 'over');
    expect(await app.sweep.runs.takeAllOver()).toBe(1);
    expect(added).toEqual([answer('run-3', clock().now() + 6_000)]);
  });

  it('writes what an ended run says into its conversation, and asks for the title', async () => {
    const output = [{ ...part, text: 'Once' }];
    await insert({ status: 'complete', output, length: 4, endedAt: clock().now(), attempt: 1 });
    await pass(2_999);
    expect((await run())?.settled).toBe(false);
    await pass(1);
    expect((await run())?.settled).toBe(true);
    expect(await app.chat.records.messages.get('run-a')).toMatchObject({
      status: 'complete',
      parts: [{ text: 'Once' }],
    });
    expect(added).toEqual([{ id: 'title-run', data: { conversationId: 'talk', runId: 'run' } }]);
    expect(await repairs('unsettled')).toBe(1);
    await pass(5_000);
    expect(await repairs('unsettled')).toBe(1);
  });

  it('copies what is missing of an ended run: its question, its answer or its conversation', async () => {
    const { messages, conversations } = app.chat.records;
    for (const gone of ['run-q', 'run-a', 'talk']) {
      await app.chat.records.runs.delete('run');
      await insert({ status: 'complete', endedAt: clock().now(), attempt: 1 });
      const copied = await app.chat.records.runs.get('run');
      if (copied) await copyRun(app.chat, copied);
      await Promise.all([messages.delete(gone), conversations.delete(gone)]);
      await pass(3_000);
      expect((await run())?.settled, gone).toBe(true);
      expect(await messages.getMany(['run-q', 'run-a'], ['role']), gone).toHaveLength(2);
      expect((await conversations.get('talk'))?.title, gone).toBe('Hi');
    }
  });

  it('repairs the others where one record fails, and that one at the next pass', async () => {
    for (const id of ['a', 'b', 'c']) await insert({}, id);
    refuse = (id) => (id === 'answer-b-1' ? new Error('The job cannot be added.') : undefined);
    await pass(1_000);
    expect(added.map(({ id }) => id)).toEqual(['answer-a-1', 'answer-c-1']);
    expect(app.lines.find(({ level }) => level === 'error')?.fields).toMatchObject({ 'lamplight.run.id': 'b' });
    refuse = () => undefined;
    await pass(1);
    expect(added.map(({ id }) => id)).toContain('answer-b-1');
  });

  it('goes on with its next part where the queue is away', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) await insert({}, id);
    await insert({ status: 'stopped', endedAt: clock().now(), attempt: 1 }, 'over');
    refuse = () => new Error('The queue is away.');
    await pass(3_000);
    expect(app.lines.filter(({ level }) => level === 'error')).toHaveLength(3);
    expect((await run('over'))?.settled).toBe(true);
  });

  it('stops where the store is away', async () => {
    await insert();
    refuse = () => storeUnavailable(new Error('away'));
    await expect(pass(1_000)).rejects.toMatchObject({ code: 'store_unavailable' });
  });
});
