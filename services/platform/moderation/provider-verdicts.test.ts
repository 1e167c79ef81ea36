import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unfitFor } from './child-thresholds.ts';
import { asking, tools } from './moderation.fixture.ts';
import { ModerationError, NoSuchEndpoint } from './moderation.ts';
import { ProviderModeration } from './provider-moderation.ts';
import { stretchesOf } from './stretches.ts';

/** Answers with what the test says. */
let answer: { status?: number; body: unknown } = { body: {} };
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
});
let judge: ProviderModeration;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const provider = { baseUrl: `http://127.0.0.1:${port}/v1`, apiKey: 'k' };
  judge = new ProviderModeration({ model: 'omni', provider }, tools().tools);
});
afterAll(() => void server.close());

const result = (more: object = {}) => ({
  flagged: false,
  categories: { hate: false },
  category_scores: { hate: 0.01 },
  ...more,
});

it.each<[string, unknown]>([
  ['no results', {}],
  ['an empty list', { results: [] }],
  ['a result for another text too', { results: [result(), result()] }],
  ['no flag', { results: [result({ flagged: undefined })] }],
  ['a flag in words', { results: [result({ flagged: 'false' })] }],
  ['no scores', { results: [result({ category_scores: undefined })] }],
  ['empty scores', { results: [result({ category_scores: {} })] }],
  ['scores of nothing', { results: [result({ category_scores: { hate: null } })] }],
  ['scores in words', { results: [result({ category_scores: { hate: '0.9' } })] }],
  ['scores below nought', { results: [result({ category_scores: { hate: -1 } })] }],
  ['scores above one', { results: [result({ category_scores: { hate: 90 } })] }],
  ['no categories', { results: [result({ categories: undefined })] }],
  ['null', null],
])('%s is no verdict', async (_, body) => {
  answer = { body };
  await expect(judge.judge(asking('A lamp.'))).rejects.toBeInstanceOf(ModerationError);
});

it.each([404, 405, 501])('status %i says that there is no such endpoint', async (status) => {
  answer = { status, body: { error: { message: 'no such route' } } };
  await expect(judge.judge(asking('A lamp.'))).rejects.toBeInstanceOf(NoSuchEndpoint);
});

it.each([307, 400, 403])('status %i does not', async (status) => {
  answer = { status, body: {} };
  const error = await judge.judge(asking('A lamp.')).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ModerationError);
  expect(error).not.toBeInstanceOf(NoSuchEndpoint);
});

it.each<[string, object, number, readonly string[]]>([
  ['nothing', {}, 5, []],
  ['a flag alone', { flagged: true }, 5, ['other']],
  ['a marked category', { categories: { hate: true } }, 5, ['hate']],
  ['a score at the bound', { category_scores: { hate: 0.2 } }, 5, ['hate']],
  ['a score below it', { category_scores: { hate: 0.19 } }, 5, []],
  ['a wolf in a well', { category_scores: { violence: 0.35 } }, 5, []],
  ['more than that', { category_scores: { violence: 0.45 } }, 5, ['violence']],
  ['the same for an older child', { category_scores: { violence: 0.45 } }, 10, []],
  ['a hint at a child', { category_scores: { 'sexual/minors': 0.06 } }, 14, ['sexual/minors']],
  ['a category that nobody knows', { category_scores: { S13: 0.5 } }, 5, ['S13']],
  ['a category that is named like a method', { category_scores: { toString: 0.5 } }, 5, ['toString']],
  ['a category that is no name', { category_scores: { 'Mia of Elm Street': 0.5 } }, 5, ['other']],
])('%s counts as it should', (_, more, age, reasons) => {
  expect(unfitFor(result(more), age)).toEqual(reasons);
});

it('cuts a text so that each stretch of it stands whole in some', () => {
  for (const length of [0, 1, 2_000, 2_001, 3_600, 3_601, 50_000]) {
    const text = Array.from({ length }, (_, index) => String.fromCharCode(0x4e00 + (index % 5_000))).join('');
    const stretches = stretchesOf(text);
    expect(Math.max(...stretches.map((stretch) => stretch.length))).toBeLessThanOrEqual(2_000);
    for (let at = 0; at + 400 <= length; at += 97)
      expect(stretches.some((stretch) => stretch.includes(text.slice(at, at + 400)))).toBe(true);
    expect(stretches.join('').includes(text.slice(-1))).toBe(true);
  }
  expect(stretchesOf('🌙'.repeat(3_000)).every((stretch) => stretch.isWellFormed())).toBe(true);
});
