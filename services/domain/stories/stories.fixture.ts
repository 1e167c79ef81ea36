import type { z } from 'zod';
import { formatPosition } from '#contract/position.ts';
import { story, type storyRequest } from '#contract/stories.ts';
import { partsOf } from '#domain/runs/output.ts';
import { waitFor } from '#tests/servers/child.ts';
import { createTestChat, type TestChat, type TestChatOptions, type TestServer } from '#tests/servers/test-chat.ts';
import type { TestClient, TestEvent } from '#tests/servers/test-client.ts';

export type Asked = z.input<typeof storyRequest>;

/** A story in the form that is asked for, with whatever a test changes. */
export const written = (more: object = {}): string =>
  JSON.stringify({
    title: 'The lamp that waited',
    parts: ['Once there was a lamp.', 'It waited.\n\nAnd waited.', 'Then it slept.'],
    summary: 'A lamp waits for the evening.',
    moral: 'What is waited for comes.',
    pictureAlt: 'A lamp in a window.',
    picturePrompt: 'A lamp in a window, evening.',
    ...more,
  });

export interface TestStories extends TestChat {
  readonly server: TestServer;
  readonly client: TestClient;
}

/** One app that serves, works and sweeps, with a client who is signed in. */
export async function openTestStories(options: TestChatOptions = {}): Promise<TestStories> {
  const app = await createTestChat(options);
  await app.foundation.runtime.change({ storiesPerDay: 1_000 });
  app.startWorker();
  const server = await app.openTestServer();
  return { ...app, server, client: await server.client() };
}

/** Asks for a story; throws where it is refused. */
export async function askStory(client: TestClient, asked: Asked = {}): Promise<z.output<typeof story>> {
  const reply = await client.call('POST', '/api/stories', asked);
  if (reply.status !== 201) throw new Error(`The story was refused: ${reply.text}`);
  return reply.as(story);
}

export const readStory = async (client: TestClient, id: string): Promise<z.output<typeof story>> =>
  (await client.call('GET', `/api/stories/${id}`)).as(story);

/** Asks for a story and waits for its end. */
export async function tellStory(client: TestClient, asked: Asked = {}): Promise<z.output<typeof story>> {
  const { id } = await askStory(client, asked);
  return waitFor(
    async () => {
      const now = await readStory(client, id);
      return now.status === 'writing' ? undefined : now;
    },
    { what: 'the end of a story' },
  );
}

/** What a reader has of a story's run at its end: the text of all that came since the last reset. */
export function textRead(events: readonly TestEvent[]): string {
  let text = '';
  for (const { event, data } of events) {
    if (event === 'reset') text = '';
    if (event === 'delta') text += (JSON.parse(data) as { text: string }).text;
  }
  return text;
}

/** All that any reader could have of a run that has ended, from the log and from the store. */
export async function everSent({ chat }: TestChat, runId: string): Promise<string> {
  const run = await chat.records.runs.get(runId);
  const attempts = run?.attempt ?? 0;
  const logged: string[] = [];
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const { entries } = await chat.runLog.read(runId, { attempt, length: 0 }, 10_000);
    logged.push(JSON.stringify(entries));
  }
  return [
    ...logged,
    ...partsOf(run?.output ?? []).map(({ text }) => text),
    formatPosition({ attempt: attempts, length: 0 }),
  ].join('\n');
}
