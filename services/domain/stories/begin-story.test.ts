import { afterEach, describe, expect, it } from 'vitest';
import type { Principal } from '#domain/accounts/principal.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { stopRun } from '#domain/runs/stop-run.ts';
import { storeUnavailable } from '#platform/errors.ts';
import type { Collection } from '#platform/store/store.ts';
import { createTestChat, type TestChat } from '#tests/servers/test-chat.ts';
import { beginStory, type StoryToBegin } from './begin-story.ts';
import { storyOrderOf } from './story-order.fixture.ts';
import type { StoryPorts } from './story-ports.ts';

let app: TestChat;
let person: Principal;
afterEach(() => app.close());

const order = storyOrderOf({ schedule: { id: 'schedule', at: 5, mail: false } });
const open = async (): Promise<StoryToBegin> => {
  app = await createTestChat();
  person = await app.signIn();
  return {
    person,
    ids: { storyId: 'story-1', runId: 'run-1' },
    clientMessageId: 'schedule-schedule-5',
    order,
    model: 'scripted',
  };
};
/** The same ports with another way of inserting runs. */
const inserting = (insert: (runs: Collection<RunRecord>, run: RunRecord) => Promise<void>): StoryPorts => {
  const { chat } = app.stories;
  const { runs } = chat.records;
  const other = Object.assign(Object.create(runs) as Collection<RunRecord>, {
    insert: (run: RunRecord) => insert(runs, run),
    find: runs.find.bind(runs),
    get: runs.get.bind(runs),
  });
  return { ...app.stories, chat: { ...chat, records: { ...chat.records, runs: other } } };
};
const held = async () => {
  const { items } = await app.chat.budgets.withReservations(10, undefined);
  return items.flatMap(({ reservations }) => reservations.map(({ runId }) => runId));
};
const taken = async () => (await app.stories.storyLimit.peek(person.id)).used;

describe('a story', () => {
  it('is nothing that a worker of a release before stories would take for an answer', async () => {
    const begin = await open();
    const { run } = await beginStory(app.stories, begin);
    const { runs } = app.chat.records;
    const asBefore = { status: 'queued', stopRequested: false };
    expect(await runs.update(run._id, { set: { status: 'running' } }, asBefore)).toBeUndefined();
  });

  it('is begun once under its ids, holds its budget once, and is one of the day', async () => {
    const begin = await open();
    const begun = await Promise.all(Array.from({ length: 6 }, () => beginStory(app.stories, begin)));
    expect(begun.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(await held()).toEqual(['run-1']);
    expect(await taken()).toBe(1);
    const record = await app.stories.stories.stories.get('story-1');
    expect(record).toMatchObject({ runId: 'run-1', status: 'writing', scheduleId: 'schedule', scheduledFor: 5 });
    expect((await beginStory(app.stories, begin)).repeated).toBe(true);
    expect(await taken()).toBe(1);
  });

  it('that another one of the same name was begun before costs nothing', async () => {
    const begin = await open();
    await beginStory(app.stories, begin);
    const other = { ...begin, ids: { storyId: 'story-2', runId: 'run-2' } };
    // As it goes where both looked before either had inserted.
    const blind = inserting((runs, run) => runs.insert(run));
    let looked = 0;
    const { runs } = blind.chat.records;
    const find = runs.find.bind(runs);
    Object.assign(runs, {
      find: async (...query: Parameters<typeof find>) => (looked++ === 0 ? { items: [] } : find(...query)),
    });
    expect(await beginStory(blind, other)).toMatchObject({ repeated: true, run: { _id: 'run-1' } });
    expect(await held()).toEqual(['run-1']);
    expect(await taken()).toBe(1);
  });

  it('whose run was stored unheard is found by the repeat', async () => {
    const begin = await open();
    const deaf = inserting(async (runs, run) => {
      await runs.insert(run);
      throw storeUnavailable(new Error('The reply was lost.'));
    });
    await expect(beginStory(deaf, begin)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await held()).toEqual(['run-1']);
    expect(await beginStory(app.stories, begin)).toMatchObject({ repeated: true });
    await app.sweep.sweep();
    expect(await held()).toEqual(['run-1']);
  });

  it('that is begun again as another order, after its process died, gives back all that was held for it', async () => {
    const begin = await open();
    const dying = inserting(async () => {
      throw storeUnavailable(new Error('It died before this.'));
    });
    await expect(beginStory(dying, begin)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await held()).toEqual(['run-1']);
    const longer = { ...order, settings: { ...order.settings, minutes: 10 as const } };
    const { run } = await beginStory(app.stories, { ...begin, order: longer });
    await stopRun(app.chat, run._id);
    expect(await held()).toEqual([]);
    expect(await app.chat.budgets.stateOf(person)).toMatchObject({ used: 0, reserved: 0 });
  });

  it('that cannot be stored gives the day back, and its budget', async () => {
    const begin = await open();
    const broken = inserting(async () => {
      throw new Error('The disk is full.');
    });
    await expect(beginStory(broken, begin)).rejects.toThrow('The disk is full.');
    expect(await held()).toEqual([]);
    expect(await taken()).toBe(0);
  });

  it('is not begun beyond so many a day, nor where the name is another’s', async () => {
    const begin = await open();
    await app.foundation.runtime.change({ storiesPerDay: 1 });
    await beginStory(app.stories, begin);
    const next = { ...begin, ids: { storyId: 'story-2', runId: 'run-2' }, clientMessageId: 'other' };
    await expect(beginStory(app.stories, next)).rejects.toMatchObject({ code: 'rate_limited' });
    await expect(beginStory(app.stories, { ...begin, payloadHash: 'other' })).rejects.toMatchObject({
      code: 'message_id_reused',
    });
    await app.foundation.runtime.change({ storiesPerDay: 2 });
    expect((await beginStory(app.stories, next)).repeated).toBe(false);
  });

  it('whose copy and job were lost gets both by the sweep, and is told', async () => {
    const begin = await open();
    const { chat } = app.stories;
    const failing = {
      ...chat.kinds.story,
      addJob: () => Promise.reject(new Error('away')),
      copy: () => Promise.reject(new Error('away')),
    };
    const ports = { ...app.stories, chat: { ...chat, kinds: { ...chat.kinds, story: failing } } } as StoryPorts;
    await beginStory(ports, begin);
    expect(await app.stories.stories.stories.get('story-1')).toBeUndefined();
    app.startWorker();
    await expect
      .poll(
        async () => {
          await app.sweep.sweep();
          return (await app.stories.stories.stories.get('story-1'))?.status;
        },
        { timeout: 10_000, interval: 200 },
      )
      .toBe('ready');
  });
});
