import { afterEach, describe, expect, it } from 'vitest';
import { attemptRun } from '#domain/runs/attempt-run.ts';
import { RunsUnderWay } from '#domain/runs/runs-under-way.ts';
import { systemClock } from '#platform/clock.ts';
import { directive } from '#tests/model-server/directive.ts';
import { VirtualTime } from '#tests/protocol/virtual-time.ts';
import { createTestChat, type TestChatOptions, type TestServer } from '#tests/servers/test-chat.ts';
import type { TestClient } from '#tests/servers/test-client.ts';
import { placesId } from './places.ts';
import { askStory, readStory, type TestStories, textRead, written } from './stories.fixture.ts';

let app: TestStories;
afterEach(() => app.close());

/** Without a worker: a test takes the jobs itself. */
const open = async (options: TestChatOptions = {}) => {
  const chat = await createTestChat({
    modelServer: { storyteller: (_order, call) => written({ title: `Telling ${call}` }) },
    ...options,
  });
  const server: TestServer = await chat.openTestServer();
  const client: TestClient = await server.client();
  app = { ...chat, server, client };
  return client;
};
const slowly = directive({ tokensPerSecond: 25 });
const whole = (title: string) => `${title}Once there was a lamp.\n\nIt waited.\n\nAnd waited.\n\nThen it slept.`;
const runOf = (runId: string) => app.chat.records.runs.get(runId);
const placesTaken = async () => Object.keys((await app.stories.stories.places.get(placesId))?.taken ?? {});
const ready = (client: TestClient, id: string) =>
  expect.poll(async () => (await readStory(client, id)).status, { timeout: 15_000 }).toBe('ready');
const logged = async (runId: string, attempt: number) =>
  (await app.chat.runLog.read(runId, { attempt, length: 0 }, 1_000)).entries.filter(({ kind }) => kind === 'output')
    .length;

describe('a story whose worker', () => {
  it('is asked to stop is handed back in the middle, its place freed, and told whole by the next', async () => {
    const client = await open();
    const { id, runId } = await askStory(client, { idea: slowly });
    const reading = client.events('GET', `/api/runs/${runId}/events`);
    const stop = new AbortController();
    const first = attemptRun(app.chat, new RunsUnderWay(app.chat), { runId }, stop.signal);
    await expect.poll(() => logged(runId, 1), { timeout: 5_000 }).toBeGreaterThan(1);
    expect(await placesTaken()).toEqual([runId]);
    stop.abort();
    await first;
    expect(await placesTaken()).toEqual([]);
    expect(await runOf(runId)).toMatchObject({ status: 'queued', crashes: 0 });
    app.startWorker();
    await ready(client, id);
    expect(textRead(await reading)).toBe(whole('Telling 2'));
    expect(await placesTaken()).toEqual([]);
  });

  it('dies in the middle is taken over with its place, and told whole', async () => {
    const client = await open();
    const { id, runId } = await askStory(client, { idea: slowly });
    const reading = client.events('GET', `/api/runs/${runId}/events`);
    const dead = new AbortController();
    const frozen = attemptRun(app.chat, new RunsUnderWay(app.chat), { runId }, dead.signal);
    await expect.poll(() => logged(runId, 1), { timeout: 5_000 }).toBeGreaterThan(1);
    // As a sweep has it taken over that saw its lease lapse; the one that is frozen renews it meanwhile, until it is fenced.
    let takeover = Promise.resolve();
    for (let run = await runOf(runId); run?.attempt === 1; run = await runOf(runId)) {
      const { leaseUntil } = run;
      takeover = attemptRun(app.chat, new RunsUnderWay(app.chat), { runId, leaseUntil }, new AbortController().signal);
      await Promise.race([takeover, expect.poll(async () => (await runOf(runId))?.attempt).toBe(2)]);
    }
    await Promise.all([takeover, frozen]);
    await ready(client, id);
    expect(await runOf(runId)).toMatchObject({ attempt: 2, crashes: 1, status: 'complete' });
    expect(textRead(await reading)).toBe(whole('Telling 2'));
    expect(await placesTaken()).toEqual([]);
    const { title, parts } = await readStory(client, id);
    expect(`${title}${parts.join('\n\n')}`).toBe(whole('Telling 2'));
  });

  it('waits for a place is handed back at once', async () => {
    const client = await open();
    await app.foundation.runtime.change({ runningStories: 0 });
    const { id, runId } = await askStory(client);
    const stop = new AbortController();
    const first = attemptRun(app.chat, new RunsUnderWay(app.chat), { runId }, stop.signal);
    await expect.poll(async () => (await runOf(runId))?.status).toBe('running');
    stop.abort();
    await first;
    expect(await runOf(runId)).toMatchObject({ status: 'queued' });
    expect((await runOf(runId))?.spent).toBeUndefined();
    await app.foundation.runtime.change({ runningStories: 1 });
    app.startWorker();
    await ready(client, id);
  });

  it('waits for a place longer than one may take is written all the same', async () => {
    const time = new VirtualTime();
    const after = (ms: number, call: () => void) => time.after(ms, call);
    const clock = { ...systemClock, monotonic: () => time.ms, after };
    const client = await open({ clock, settings: { maxRunMs: 10_000 } });
    await app.foundation.runtime.change({ runningStories: 0 });
    const { id, runId } = await askStory(client);
    const attempt = attemptRun(app.chat, new RunsUnderWay(app.chat), { runId }, new AbortController().signal);
    await expect.poll(async () => (await runOf(runId))?.status).toBe('running');
    await time.advance(30_000);
    await app.foundation.runtime.change({ runningStories: 1 });
    await time.advance(600);
    const soon = async () => {
      await time.advance(10);
      return (await readStory(client, id)).status;
    };
    await expect.poll(soon, { interval: 10, timeout: 5_000 }).toBe('ready');
    await attempt;
  });

  it.each([
    ['waits for a place is handed back', 0],
    ['has just got a place is handed back, and the place is freed', 1],
  ])('takes no more runs and %s, long before the end of its grace', async (_, runningStories) => {
    const client = await open();
    await app.foundation.runtime.change({ runningStories });
    const { id, runId } = await askStory(client);
    const underWay = new RunsUnderWay(app.chat);
    if (runningStories > 0) {
      const { places } = app.stories.stories;
      const update = places.update.bind(places);
      Object.assign(places, {
        update: (...change: Parameters<typeof update>) => update(...change).finally(() => underWay.leave()),
      });
    }
    const attempt = attemptRun(app.chat, underWay, { runId }, new AbortController().signal);
    if (runningStories === 0) {
      await expect.poll(async () => (await runOf(runId))?.status).toBe('running');
      underWay.leave();
    }
    await attempt;
    expect(await runOf(runId)).toMatchObject({ status: 'queued', attempt: 1, crashes: 0 });
    expect((await runOf(runId))?.spent).toBeUndefined();
    expect(await placesTaken()).toEqual([]);
    expect(app.lines.filter(({ fields }) => fields['event.action'] === 'run_hand_back')).toHaveLength(1);
    await app.foundation.runtime.change({ runningStories: 1 });
    app.startWorker();
    await ready(client, id);
  });

  it('takes no more runs while it writes ends the story that it writes', async () => {
    const client = await open();
    const { id, runId } = await askStory(client, { idea: directive({ tokensPerSecond: 100 }) });
    const underWay = new RunsUnderWay(app.chat);
    const attempt = attemptRun(app.chat, underWay, { runId }, new AbortController().signal);
    await expect.poll(() => logged(runId, 1), { timeout: 5_000 }).toBeGreaterThan(1);
    underWay.leave();
    await attempt;
    expect(await readStory(client, id)).toMatchObject({ status: 'ready', title: 'Telling 1' });
  });

  it('is there in numbers writes no more at a time than there are places', { timeout: 30_000 }, async () => {
    const client = await open();
    await app.foundation.runtime.change({ runningStories: 3, storiesPerDay: 100 });
    app.startWorker();
    const asked = await Promise.all(
      Array.from({ length: 12 }, (_, number) =>
        askStory(client, { idea: `${number} ${directive({ tokensPerSecond: 60 })}` }),
      ),
    );
    let most = 0;
    let over = false;
    const watch = (async () => {
      while (!over) {
        most = Math.max(most, app.modelServer.calls().filter(({ state }) => state === 'open').length);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    for (const { id } of asked) await ready(client, id);
    over = true;
    await watch;
    expect(most).toBe(3);
    expect(app.modelServer.calls()).toHaveLength(12);
    expect(await placesTaken()).toEqual([]);
  });
});
