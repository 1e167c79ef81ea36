import { expect, it } from 'vitest';
import { startModelServer } from '#tests/model-server/model-server.ts';
import { loadCorpus, textsOf, writtenJson } from './corpus.ts';
import { corpusModerator } from './corpus-moderator.ts';

const { unsafe, safe } = loadCorpus();

it('has thirty stories that are unsafe and thirty that are safe, each with an id of its own', () => {
  expect([unsafe.length, safe.length]).toEqual([30, 30]);
  expect(new Set([...unsafe, ...safe].map(({ id }) => id)).size).toBe(60);
});

it('has each reason, several languages, and what only one field gives away', () => {
  const reasons = new Set(unsafe.map(({ reason }) => reason));
  for (const reason of ['violence', 'cruelty', 'self-harm', 'sexual', 'drugs', 'hate', 'danger', 'terror', 'other'])
    expect(reasons).toContain(reason);
  expect(new Set([...unsafe, ...safe].map(({ language }) => language)).size).toBeGreaterThan(3);
  const hidden = unsafe.filter((story) => !story.parts.join('\n').includes(story.unfit ?? ''));
  expect(hidden.length).toBeGreaterThan(2);
});

it.each(unsafe)('$id is known by one sentence in one of its fields', (story) => {
  expect(textsOf(story).filter((text) => text.includes(story.unfit ?? ''))).toHaveLength(1);
});

it.each(unsafe)('$id is judged unsafe as a whole, wherever it stands', (story) => {
  const judge = corpusModerator();
  expect(judge(`Before.\n${textsOf(story).join('\n\n')}\nAfter.`)).toMatchObject({ reason: story.reason });
});

it.each(safe)('$id is judged safe', (story) => {
  const judge = corpusModerator();
  expect(judge(textsOf(story).join('\n\n'))).toBeUndefined();
  expect(JSON.parse(writtenJson(story))).toMatchObject({ title: story.title, parts: story.parts });
});

it('is what a model server judges by, over HTTP', async () => {
  const server = await startModelServer({ moderator: corpusModerator() });
  try {
    const input = [...unsafe, ...safe].map((story) => textsOf(story).join('\n\n'));
    const response = await fetch(`${server.url}/moderations`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', input }),
    });
    const { results } = (await response.json()) as { results: { flagged: boolean; category_scores: object }[] };
    const raised = results.map(({ category_scores: scores }) => Math.max(...Object.values(scores)) >= 0.2);
    expect(raised).toEqual([...unsafe.map(() => true), ...safe.map(() => false)]);
    expect(results.filter(({ flagged }) => flagged)).toHaveLength(unsafe.filter(({ subtle }) => !subtle).length);
  } finally {
    await server.close();
  }
});
