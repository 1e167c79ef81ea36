import { lazy, Suspense, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { CanvasBoundary } from './canvas-boundary.tsx';
import type { ChartData } from './chart-data.ts';
import { ChartLegend } from './chart-legend.tsx';
import { type MeasureName, measureOf } from './measures.ts';
import { pointName } from './period-words.ts';

// The drawing is a tenth of a megabyte: whoever sees no chart does not load it.
const ChartCanvas = lazy(() => import('./chart-canvas.tsx'));

const height = 240;

interface ChartProps {
  readonly name: string;
  readonly data: ChartData;
  readonly measure: MeasureName;
  readonly by: 'hour' | 'day';
  readonly timeZone: string;
  /** In words. */
  readonly period: string;
  readonly shape: 'bars' | 'lines';
}

/** Figures over time: a drawing with a legend, and a table of the same one click away. */
export function Chart({ name, data, measure, by, timeZone, period, shape }: ChartProps) {
  const { t } = useTranslation('administration');
  const id = useId();
  const [isTable, setTable] = useState(false);
  const [point, setPoint] = useState<number>();
  const { format } = measureOf(measure);
  const names = data.at.map((at) => pointName(at, by, timeZone));
  const label = t('charts.described', { name, period });
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h3 id={id} className="font-medium">
          {name} <span className="font-normal text-ink-soft text-small">{period}</span>
        </h3>
        <Button look="quiet" onClick={() => setTable(!isTable)} className="-me-4">
          {t(isTable ? 'charts.asChart' : 'charts.asTable')}
        </Button>
      </div>
      {isTable ? (
        <DataTable
          caption={`${name}, ${period}`}
          className="max-h-80"
          keyOf={(index) => String(index)}
          rows={data.at.map((_, index) => index)}
          columns={[
            { key: 'at', name: t(`charts.${by}`), cell: (index) => names[index] },
            ...data.lines.map((line) => ({
              key: line.key,
              name: line.name,
              isNumber: true,
              cell: (index: number) => shown(line.values[index], format),
            })),
          ]}
        />
      ) : (
        <>
          <CanvasBoundary fallback={<p className="text-ink-soft">{t('charts.broken')}</p>}>
            <Suspense fallback={<Skeleton className="h-60" />}>
              <ChartCanvas
                label={label}
                data={data}
                names={names}
                shape={shape}
                isWhole={measureOf(measure).isSum && measure !== 'cost'}
                height={height}
                onPoint={setPoint}
              />
            </Suspense>
          </CanvasBoundary>
          <ChartLegend
            lines={data.lines}
            shape={shape}
            when={point === undefined ? t('charts.whole') : (names[point] ?? '')}
            tell={({ values, total }) => shown(point === undefined ? total : values[point], format)}
          />
        </>
      )}
    </section>
  );
}

const shown = (value: number | null | undefined, format: (value: number) => string): string =>
  value === null || value === undefined ? '–' : format(value);
