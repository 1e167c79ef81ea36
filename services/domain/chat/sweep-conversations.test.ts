import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runRecord } from '#domain/runs/run-record.fixture.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { Freezable, VirtualTime } from '#tests/protocol/virtual-time.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';

describe('the sweep of conversations', () => {
  let time: VirtualTime;
  let app: TestChat;
  const clock = () => new Freezable(time).clock(0);
  beforeEach(async () => {
    time = new VirtualTime();
    app = await createTestChat({ clock: clock(), models: new ScriptedModels() });
  });
  afterEach(() => app.close());

  const run = () => app.chat.records.runs.get('run');
  const pass = async (ms: number) => {
    await time.advance(ms);
    await app.sweep.sweep();
  };

  it('stops the answer under way of a conversation that was deleted, then removes all of it', async () => {
    const { records } = app.chat;
    await records.runs.insert(runRecord({ leaseUntil: clock().now(), newTitle: 'Hi', slot: 'talk' }));
    await records.conversations.insert({
      _id: 'talk',
      ownerId: 'ada',
      title: '',
      titleSource: 'provisional',
      deleted: true,
      createdAt: clock().now(),
      updatedAt: clock().now(),
    });
    await pass(5_000);
    expect(await run()).toMatchObject({ status: 'stopped' });
    await pass(2_000);
    expect([await run(), await records.messages.count({})]).toEqual([undefined, 0]);
    const { body } = await app.foundation.telemetry.metrics.expose();
    expect(body).toMatch(/^lamplight_sweep_repairs_total\{.*kind="deleted".*\} 1$/m);
  });

  it('asks nothing more of a tombstone, hour after hour, than whether it is time', async () => {
    const { records } = app.chat;
    const tombstone = { ownerId: 'ada', title: '', titleSource: 'provisional', deleted: true } as const;
    for (let index = 0; index < 5; index += 1) {
      const moments = { createdAt: clock().now(), updatedAt: clock().now() };
      await records.conversations.insert({ _id: `gone-${index}`, ...tombstone, ...moments });
    }
    await pass(5_000);
    const { deleteWhere } = records.runs;
    let asked = 0;
    records.runs.deleteWhere = (...args) => {
      asked += 1;
      return deleteWhere.apply(records.runs, args);
    };
    for (let passes = 0; passes < 10; passes += 1) await pass(2_000);
    expect(asked).toBe(0);
    await pass(3_600_000);
    expect(asked).toBe(5);
    expect(await records.conversations.count({ deleted: true })).toBe(0);
  });
});
