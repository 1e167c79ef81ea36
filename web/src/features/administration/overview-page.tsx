import { useTranslation } from 'react-i18next';
import { useMe } from '../chat/use-me.ts';
import { AdminPage } from './admin-page.tsx';
import { ExportMenu } from './export-menu.tsx';
import { FigureCharts } from './figure-charts.tsx';
import { FigureTiles, TileSkeletons } from './figure-tiles.tsx';
import { LoadError } from './load-error.tsx';
import { problemOf } from './period.ts';
import { PeriodChoice, usePeriod } from './period-choice.tsx';
import { periodWords } from './period-words.ts';
import { Refreshed, StaleNote } from './refreshed.tsx';
import { useFigures } from './use-figures.ts';

/** The figures of the whole installation: tiles first, charts below. */
export function OverviewPage() {
  const { t } = useTranslation('administration');
  const { data: me } = useMe();
  const [period, setPeriod] = usePeriod();
  const timeZone = me?.timeZone ?? 'UTC';
  const problem = problemOf(period, Date.now(), timeZone);
  const figures = useFigures(period, me?.timeZone, problem === undefined);
  const { data, error, refetch } = figures;
  const again = () => void refetch();
  return (
    <AdminPage
      title={t('places.overview')}
      intro={t('overview.intro')}
      actions={<ExportMenu period={period} timeZone={timeZone} isPossible={problem === undefined} />}
    >
      <PeriodChoice period={period} onChange={setPeriod} problem={problem} timeZone={timeZone} />
      {error && !data && <LoadError title={t('overview.failed')} error={error} onRetry={again} />}
      {!data && !error && problem === undefined && <TileSkeletons />}
      {data && (
        <div
          className={`flex flex-col gap-8 transition-opacity duration-120 ${figures.isPlaceholderData ? 'opacity-60' : ''}`}
        >
          <section aria-labelledby="figures" className="flex flex-col gap-3">
            <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
              <h2 id="figures" className="font-semibold text-title">
                {t('overview.figures')}
              </h2>
              <Refreshed at={figures.dataUpdatedAt} isBusy={figures.isFetching} onRefresh={again} />
            </div>
            <FigureTiles summary={data.summary} before={data.before} period={periodWords(data.period)} />
          </section>
          <FigureCharts figures={data} timeZone={timeZone} />
          {error && <StaleNote at={figures.dataUpdatedAt} error={error} />}
        </div>
      )}
    </AdminPage>
  );
}
