import { expect, test } from 'vitest';
import { pointOf, seriesOf } from './administration.fixture.tsx';
import { chartDataOf } from './chart-data.ts';

const naming = { nameOf: ({ model }: { readonly model?: string | undefined }) => model ?? 'all', others: 'others' };
const models = (count: number) =>
  Array.from({ length: count }, (_, index) => seriesOf([index, index * 2], { model: `m${index}` }));

test('a day on which nothing happened is zero, not a gap', () => {
  const { at, lines } = chartDataOf([seriesOf([3, 0, 9])], 'messages', naming);
  expect(at).toHaveLength(3);
  expect(lines).toEqual([{ key: 'without a name', name: 'all', values: [3, 0, 9], total: 12 }]);
});

test('the largest come first, and those after the fourth are one', () => {
  const { lines } = chartDataOf(models(8), 'messages', naming);
  expect(lines.map(({ name, total }) => [name, total])).toEqual([
    ['m7', 21],
    ['m6', 18],
    ['m5', 15],
    ['m4', 12],
    ['others', 18],
  ]);
  expect(lines.at(-1)?.values).toEqual([6, 12]);
});

test('what the server summed up as others goes with the others', () => {
  const rest = seriesOf([100, 100], { others: true });
  const { lines } = chartDataOf([rest, ...models(6)], 'messages', naming);
  expect(lines.map(({ key }) => key)).toEqual(['m5', 'm4', 'm3', 'm2', 'others']);
  expect(lines.at(-1)?.total).toBe(203);
});

test('times are never added up, and an hour without an answer has none', () => {
  const { meanResponseMs: _, ...silent } = pointOf(2, 0);
  const series = { points: [pointOf(1, 1, { meanResponseMs: 2_500 }), silent] };
  const { lines } = chartDataOf([series], 'meanResponse', naming);
  expect(lines).toMatchObject([{ values: [2.5, null], total: undefined }]);
  const many = models(7).map((each) => ({
    ...each,
    points: each.points.map((point) => ({ ...point, meanResponseMs: 1 })),
  }));
  expect(chartDataOf(many, 'meanResponse', naming).lines).toHaveLength(5);
});

test('nothing at all has no lines where figures are split', () => {
  expect(chartDataOf([seriesOf([0, 0]), seriesOf([0, 0], { model: 'm' })], 'messages', naming).lines).toEqual([]);
  expect(chartDataOf([], 'messages', naming)).toEqual({ at: [], lines: [] });
});
