import { afterEach, describe, expect, it } from 'vitest';
import type { Storyteller } from '#tests/model-server/stories.ts';
import { type CorpusStory, loadCorpus, writtenJson } from '#tests/moderation/corpus.ts';
import { corpusModerator } from '#tests/moderation/corpus-moderator.ts';
import {
  askStory,
  everSent,
  openTestStories,
  readStory,
  type TestStories,
  tellStory,
  written,
} from './stories.fixture.ts';

const { unsafe, safe } = loadCorpus();
const byId = new Map([...unsafe, ...safe].map((story) => [story.id, story]));

let app: TestStories;
afterEach(() => app.close());

/** Tells what the idea names: `ID` each time, `ID then safe` a harmless story after the first. */
const teller: Storyteller = ({ idea, note }) => {
  const [id = '', ...rest] = idea.split(' ');
  const story = byId.get(id);
  return note !== undefined && rest.length > 0 ? written() : story ? writtenJson(story) : written();
};

const open = async (moderation: 'provider' | 'model' = 'provider') => {
  app = await openTestStories({ moderation, modelServer: { moderator: corpusModerator(), storyteller: teller } });
  return app.client;
};

const isListed = async (story: CorpusStory) =>
  (await app.client.call('GET', `/api/stories?limit=100`)).text.includes(story.unfit ?? '');

describe.each(['provider', 'model'] as const)('where a %s judges', (kind) => {
  it('none of thirty stories that are unfit for children reaches anybody', { timeout: 60_000 }, async () => {
    const client = await open(kind);
    for (const story of unsafe) {
      const told = await tellStory(client, { idea: story.id });
      expect(told, story.id).toMatchObject({ status: 'failed', error: { code: 'story_unsafe' } });
      const record = await app.stories.stories.stories.get(told.id);
      const seen = [await everSent(app, told.runId), JSON.stringify(told), JSON.stringify(record)].join('\n');
      const plain = seen.replaceAll('\\n', ' ').replace(/\s+/g, ' ');
      expect(plain, story.id).not.toContain((story.unfit ?? '').replace(/\s+/g, ' '));
      const run = await app.chat.records.runs.get(told.runId);
      expect(JSON.stringify(run), story.id).not.toContain(story.unfit);
      expect(await isListed(story)).toBe(false);
      // Without these nothing follows: no voice, no picture, no mail.
      expect(record?.followUps).toBeUndefined();
    }
    const errors = app.lines.filter(
      ({ level, fields }) => level === 'error' && fields?.['event.action'] === 'story_unsafe',
    );
    expect(errors).toHaveLength(30);
    for (const { fields } of errors) expect(fields?.['lamplight.story.reasons']).toMatch(/\w/);
    expect(unsafe.some(({ unfit = '' }) => JSON.stringify(app.lines).includes(unfit))).toBe(false);
    expect(app.modelServer.calls().filter(({ text }) => text.includes('"idea"'))).toHaveLength(60);
  });
});

describe('a story', () => {
  it('that only looks unfit is told', { timeout: 30_000 }, async () => {
    const client = await open();
    for (const story of safe.slice(0, 10)) {
      const told = await tellStory(client, { idea: story.id });
      expect(told, story.id).toMatchObject({ status: 'ready', title: story.title, moderation: 'provider' });
    }
  });

  it('that is unfit once is told anew, and nothing of the first is kept', async () => {
    const client = await open();
    const [story] = unsafe;
    const told = await tellStory(client, { idea: `${story?.id} then safe` });
    expect(told).toMatchObject({ status: 'ready', title: 'The lamp that waited' });
    expect(await everSent(app, told.runId)).not.toContain(story?.unfit);
    const run = await app.chat.records.runs.get(told.runId);
    expect(run).toMatchObject({ attempt: 2, made: { rewrites: 1 }, crashes: 0 });
    expect(JSON.stringify(run)).not.toContain(story?.unfit);
    expect(app.lines.some(({ level, fields }) => level === 'warn' && fields?.['event.action'] === 'story_unsafe')).toBe(
      true,
    );
  });

  it('is not sent where nobody judges', async () => {
    const away = await openTestStories({
      moderation: 'provider',
      modelServer: {
        moderator: () => {
          throw new Error('away');
        },
      },
    });
    app = away;
    const { id, runId } = await askStory(away.client);
    await expect.poll(async () => (await readStory(away.client, id)).status, { timeout: 20_000 }).toBe('failed');
    const told = await readStory(away.client, id);
    expect(told).toMatchObject({ error: { code: 'moderation_unavailable' }, parts: [] });
    expect((await away.chat.records.runs.get(runId))?.output).toEqual([]);
  }, 30_000);
});
