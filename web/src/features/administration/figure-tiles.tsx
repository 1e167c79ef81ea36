import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format.ts';
import { formatCost, formatSeconds, type Summary } from './measures.ts';
import { Tile, TileSkeleton } from './tile.tsx';

const grid = 'grid grid-cols-2 gap-3 @md:grid-cols-3 @4xl:grid-cols-4';
const tileCount = 12;

interface FigureTilesProps {
  readonly summary: Summary;
  readonly before: Summary;
  /** In words. */
  readonly period: string;
}

/** The figures of a period, each with what it was in the period before. */
export function FigureTiles({ summary, before, period }: FigureTilesProps) {
  const { t } = useTranslation('administration');
  const percent = (value: number) => formatNumber(value, { style: 'percent', maximumFractionDigits: 2 });
  const seconds = (ms: number) => t('tiles.seconds', { seconds: formatSeconds(ms / 1000) });
  const counted = (['people', 'conversations', 'messages', 'stories', 'failedAnswers'] as const).map((key) => (
    <Tile key={key} name={t(`tiles.${key}`)} value={summary[key]} before={{ value: before[key] }} period={period} />
  ));
  const tokens = {
    input: formatNumber(summary.inputTokens),
    output: formatNumber(summary.outputTokens),
  };
  return (
    <dl className={grid}>
      <Tile name={t('tiles.activeToday')} value={summary.activeToday} period={t('tiles.sinceMidnight')} />
      {counted}
      <Tile
        name={t('tiles.tokens')}
        value={tokensOf(summary)}
        before={{ value: tokensOf(before) }}
        unit={t('tiles.tokensSplit', tokens)}
        period={period}
      />
      <Tile
        name={t('tiles.cost')}
        value={summary.cost}
        before={{ value: before.cost }}
        format={formatCost}
        unit={t('tiles.costUnit')}
        period={period}
      />
      <Tile
        name={t('tiles.meanResponse')}
        value={summary.meanResponseMs}
        before={{ value: before.meanResponseMs }}
        format={seconds}
        period={period}
      />
      <Tile
        name={t('tiles.p95Response')}
        value={summary.p95ResponseMs}
        before={{ value: before.p95ResponseMs }}
        format={seconds}
        unit={t('tiles.p95Unit')}
        period={period}
      />
      <Tile name={t('tiles.requests')} value={summary.requests} before={{ value: before.requests }} period={period} />
      <Tile
        name={t('tiles.errorRate')}
        value={summary.errorRate}
        before={{ value: before.errorRate }}
        format={percent}
        unit={t('tiles.errorUnit')}
        period={period}
      />
    </dl>
  );
}

const tokensOf = ({ inputTokens, outputTokens }: Summary): number => inputTokens + outputTokens;

export const TileSkeletons = () => (
  <div aria-hidden className={grid}>
    {Array.from({ length: tileCount }, (_, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: they differ in nothing
      <TileSkeleton key={index} />
    ))}
  </div>
);
