import { expect, it } from 'vitest';
import { askStory } from '#domain/stories/stories.fixture.ts';
import type { StopSteps } from '#platform/lifecycle/lifecycle.ts';
import { createTestChat } from '#tests/servers/test-chat.ts';
import { startWorker } from './start-worker.ts';

it('says what judges, reads aloud and paints stories', async () => {
  const app = await createTestChat();
  const { speech } = app.foundation.stories;
  app.startWorker();
  expect(app.lines.map(({ message }) => message)).toContain(
    `Of stories: judged by none, read aloud by ${speech.kind}, pictures by drawn.`,
  );
  await app.close();
});

it('hands a story that waits for its place back as soon as it drains, whatever its grace', async () => {
  const app = await createTestChat();
  await app.foundation.runtime.change({ runningStories: 0 });
  const server = await app.openTestServer();
  const { runId } = await askStory(await server.client());
  const runOf = () => app.chat.records.runs.get(runId);
  const { lifecycle } = app.foundation;
  let drain: StopSteps['drain'];
  const add = (name: string, steps: StopSteps) => {
    lifecycle.add(name, steps);
    if (name === 'worker') drain = steps.drain;
  };
  startWorker({ ...app.foundation, lifecycle: { ...lifecycle, add } });
  await expect.poll(async () => (await runOf())?.status).toBe('running');
  await drain?.(60_000);
  expect(await runOf()).toMatchObject({ status: 'queued', crashes: 0 });
  await app.close();
});
