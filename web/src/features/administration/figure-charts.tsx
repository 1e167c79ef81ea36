import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SelectField } from '../../ui/select-field.tsx';
import { Chart } from './chart.tsx';
import { chartDataOf } from './chart-data.ts';
import { type MeasureName, measureNames, measureOf, type Series } from './measures.ts';
import { MostTokens } from './most-tokens.tsx';
import { periodWords } from './period-words.ts';
import type { Figures } from './use-figures.ts';

interface FigureChartsProps {
  readonly figures: Figures;
  readonly timeZone: string;
}

/** The period by day (or hour), by model and by person, of one measure at a time. */
export function FigureCharts({ figures, timeZone }: FigureChartsProps) {
  const { t } = useTranslation('administration');
  const [name, setName] = useState<MeasureName>('messages');
  const { by, all, models, persons, people, period } = figures;
  const others = t('charts.others');
  const names = new Map(people.map((person) => [person.personId, person.name]));
  const measure = t(`measures.${name}`);
  const shared = { measure: name, by, timeZone, period: periodWords(period) };
  const dataOf = (items: readonly Series[], nameOf: (series: Series) => string) =>
    chartDataOf(items, name, { nameOf, others });
  const modelOf = ({ model, others: isRest }: Series) => (isRest ? others : (model ?? t('charts.noModel')));
  const personOf = ({ personId, others: isRest }: Series) => {
    if (isRest) return others;
    return personId === undefined ? t('charts.nobody') : (names.get(personId) ?? t('people.deleted'));
  };
  return (
    <>
      <section aria-labelledby="charts" className="flex flex-col gap-6">
        <div className="flex flex-wrap items-end justify-between gap-4">
          <h2 id="charts" className="font-semibold text-title">
            {t('charts.name')}
          </h2>
          <SelectField
            label={t('measures.name')}
            value={name}
            onValue={(value) => setName(measureNames.find((each) => each === value) ?? 'messages')}
            options={measureNames.map((each) => [each, t(`measures.${each}`)])}
          />
        </div>
        <Chart
          {...shared}
          name={t(by === 'day' ? 'charts.byDay' : 'charts.byHour', { measure })}
          data={dataOf(all, () => t('charts.all'))}
          shape={measureOf(name).isSum ? 'bars' : 'lines'}
        />
        <div className="grid gap-8 @3xl:grid-cols-2">
          <Split name={t('charts.byModel', { measure })} items={models} {...shared}>
            {(items) => dataOf(items, modelOf)}
          </Split>
          <Split name={t('charts.byPerson', { measure })} items={persons} {...shared}>
            {(items) => dataOf(items, personOf)}
          </Split>
        </div>
        <p className="text-ink-soft text-small">{t('overview.timeZone', { timeZone })}</p>
      </section>
      <MostTokens people={people} period={shared.period} />
    </>
  );
}

interface SplitProps {
  readonly name: string;
  /** Nothing where there would be too many points. */
  readonly items: readonly Series[] | undefined;
  readonly measure: MeasureName;
  readonly by: 'hour' | 'day';
  readonly timeZone: string;
  readonly period: string;
  readonly children: (items: readonly Series[]) => ReturnType<typeof chartDataOf>;
}

function Split({ name, items, children, ...shared }: SplitProps) {
  const { t } = useTranslation('administration');
  const data = items && children(items);
  if (data?.lines.length) return <Chart {...shared} name={name} data={data} shape="lines" />;
  return (
    <section aria-label={name} className="flex flex-col gap-3">
      <h3 className="flex min-h-10 items-center font-medium">{name}</h3>
      <p className="text-ink-soft">{t(data ? 'charts.nothing' : 'charts.tooMany')}</p>
    </section>
  );
}
