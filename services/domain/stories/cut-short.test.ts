import { afterEach, describe, expect, it } from 'vitest';
import { attemptRun } from '#domain/runs/attempt-run.ts';
import { RunsUnderWay } from '#domain/runs/runs-under-way.ts';
import type { Models } from '#platform/models/models.ts';
import { ScriptedModels } from '#tests/protocol/scripted-models.ts';
import { createTestChat, type TestChat, type TestChatOptions } from '#tests/servers/test-chat.ts';
import { beginStory } from './begin-story.ts';
import { storyOrderOf } from './story-order.fixture.ts';

let app: TestChat;
afterEach(() => app.close());

const never = new AbortController().signal;
const saying = (text: string): Models =>
  Object.assign(new ScriptedModels(), {
    async *stream() {
      yield { type: 'output', kind: 'text', text } as const;
      throw new Error('A mistake of ours.');
    },
  });
async function begin(options: TestChatOptions): Promise<void> {
  app = await createTestChat(options);
  const person = await app.signIn();
  const ids = { storyId: 'story', runId: 'run' };
  await beginStory(app.stories, { person, ids, clientMessageId: 'once', order: storyOrderOf(), model: 'scripted' });
}
const attempt = (leaseUntil?: number) =>
  attemptRun(app.chat, new RunsUnderWay(app.chat), { runId: 'run', ...(leaseUntil && { leaseUntil }) }, never);
/** What its person reads; no line of the log calls it anything else, either. */
async function told() {
  expect(app.lines.filter(({ message }) => /answer/i.test(message))).toEqual([]);
  expect(app.lines.some(({ message }) => message.includes('story'))).toBe(true);
  const { code, message } = (await app.stories.stories.stories.get('story'))?.error ?? {};
  return [code, message];
}

describe('a story that is cut short is called a story, and not retried,', () => {
  const left = 'What there is of it was kept; you can ask for another one.';

  it('where it is too long', async () => {
    const models = saying(`{"title":"A lamp","parts":["${'x'.repeat(50)}","`);
    await begin({ models, settings: { maxOutputLength: 20 } });
    await attempt();
    expect(await told()).toEqual(['answer_too_long', `The story reached the longest one allowed here. ${left}`]);
  });

  it('where we made a mistake', async () => {
    await begin({ models: saying('{') });
    await attempt();
    const message = `Something went wrong on our side. The story was cut short. ${left}`;
    expect(await told()).toEqual(['internal', message]);
  });

  it('where worker after worker dies over it', async () => {
    await begin({ models: new ScriptedModels() });
    await app.chat.records.runs.update('run', { set: { status: 'running', crashes: 2, leaseUntil: 5 } });
    await attempt(5);
    const message = `The story was cut off by repeated failures on our side. ${left}`;
    expect(await told()).toEqual(['answer_interrupted', message]);
  });
});
