import type { z } from 'zod';
import type { series, summary } from '#contract/usage.ts';
import { formatNumber } from '../../ui/format.ts';

export type Summary = z.infer<typeof summary>;
export type Series = z.infer<typeof series>['items'][number];
export type Point = Series['points'][number];

interface Measure {
  readonly of: (point: Point) => number | undefined;
  readonly format: (value: number) => string;
  /** Points of it can be added up; averages cannot. */
  readonly isSum: boolean;
}

const count = (value: number): string => formatNumber(value);
const cost = (value: number): string =>
  formatNumber(value, { minimumFractionDigits: 2, maximumFractionDigits: value > 0 && value < 1 ? 4 : 2 });
const seconds = (value: number): string => formatNumber(value, { maximumFractionDigits: 2 });
const inSeconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);
const sum = (of: (point: Point) => number): Measure => ({ of, format: count, isSum: true });

/** What charts can show of each hour or day. */
const measures = {
  messages: sum(({ messages }) => messages),
  tokens: sum(({ inputTokens, outputTokens }) => inputTokens + outputTokens),
  cost: { ...sum((point) => point.cost), format: cost },
  stories: sum(({ stories }) => stories),
  failedAnswers: sum(({ failedAnswers }) => failedAnswers),
  requests: sum(({ requests }) => requests),
  errors: sum(({ errors }) => errors),
  meanResponse: { of: ({ meanResponseMs }) => inSeconds(meanResponseMs), format: seconds, isSum: false },
  p95Response: { of: ({ p95ResponseMs }) => inSeconds(p95ResponseMs), format: seconds, isSum: false },
} as const satisfies Record<string, Measure>;

export type MeasureName = keyof typeof measures;
export const measureNames = Object.keys(measures) as readonly MeasureName[];
/** A measure as any other. */
export const measureOf = (name: MeasureName): Measure => measures[name];

export { cost as formatCost, seconds as formatSeconds };
