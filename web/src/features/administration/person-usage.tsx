import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useChat } from '../chat/chat-context.ts';
import { useMe } from '../chat/use-me.ts';
import { Chart } from './chart.tsx';
import { chartDataOf } from './chart-data.ts';
import { adminKeys } from './keys.ts';
import { LoadError } from './load-error.tsx';
import { formatCost, type Point } from './measures.ts';
import { type Period, problemOf, spansOf } from './period.ts';
import { PeriodChoice, usePeriod } from './period-choice.tsx';
import { periodWords } from './period-words.ts';
import { Tile, TileSkeleton } from './tile.tsx';

/** What one person used in a period. */
export function PersonUsage({ id }: { readonly id: string }) {
  const { t } = useTranslation('administration');
  const { data: me } = useMe();
  const timeZone = me?.timeZone ?? 'UTC';
  const [period, setPeriod] = usePeriod();
  const problem = problemOf(period, Date.now(), timeZone);
  const { data, error, refetch, isPlaceholderData } = useUsageOf(id, period, timeZone, problem === undefined);
  return (
    <section aria-labelledby="usage" className="flex flex-col gap-4">
      <h2 id="usage" className="font-semibold text-title">
        {t('person.usage')}
      </h2>
      <PeriodChoice period={period} onChange={setPeriod} problem={problem} timeZone={timeZone} />
      {error && !data && <LoadError title={t('person.usageFailed')} error={error} onRetry={() => void refetch()} />}
      {!error && !data && problem === undefined && <TileSkeleton />}
      {data && (
        <div className={`flex flex-col gap-6 ${isPlaceholderData ? 'opacity-60' : ''}`}>
          <Sums points={data.items[0]?.points ?? []} period={periodWords(data.period)} />
          <Chart
            name={t(data.by === 'day' ? 'charts.byDay' : 'charts.byHour', { measure: t('measures.tokens') })}
            data={chartDataOf(data.items, 'tokens', { nameOf: () => t('charts.all'), others: t('charts.others') })}
            measure="tokens"
            by={data.by}
            timeZone={timeZone}
            period={periodWords(data.period)}
            shape="bars"
          />
        </div>
      )}
    </section>
  );
}

function Sums({ points, period }: { readonly points: readonly Point[]; readonly period: string }) {
  const { t } = useTranslation('administration');
  const sum = (of: (point: Point) => number) => points.reduce((total, point) => total + of(point), 0);
  return (
    <dl className="grid grid-cols-2 gap-3 @md:grid-cols-3 @2xl:grid-cols-5">
      <Tile name={t('tiles.messages')} value={sum(({ messages }) => messages)} period={period} />
      <Tile
        name={t('tiles.tokens')}
        value={sum(({ inputTokens, outputTokens }) => inputTokens + outputTokens)}
        period={period}
      />
      <Tile
        name={t('tiles.cost')}
        value={sum(({ cost }) => cost)}
        format={formatCost}
        unit={t('tiles.costUnit')}
        period={period}
      />
      <Tile name={t('tiles.stories')} value={sum(({ stories }) => stories)} period={period} />
      <Tile name={t('tiles.failedAnswers')} value={sum(({ failedAnswers }) => failedAnswers)} period={period} />
    </dl>
  );
}

function useUsageOf(id: string, period: Period, timeZone: string, isAsked: boolean) {
  const { api } = useChat();
  return useQuery({
    queryKey: [...adminKeys.usage(id), period, timeZone],
    queryFn: async ({ signal }) => {
      const { from, to, by } = spansOf(period, Date.now(), timeZone);
      const query = { from, to, by, timeZone, personId: id };
      const { items } = await api('GET /api/analytics/timeseries', { query, signal });
      return { items, by, period };
    },
    enabled: isAsked,
    placeholderData: keepPreviousData,
  });
}
