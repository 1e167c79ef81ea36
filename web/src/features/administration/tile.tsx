import { ArrowDown, ArrowUp } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format.ts';
import { Skeleton } from '../../ui/skeleton.tsx';

interface TileProps {
  readonly name: string;
  /** Nothing: there is none to tell. */
  readonly value: number | undefined;
  /** The same of the period before; left out where there is no such thing. */
  readonly before?: { readonly value: number | undefined };
  readonly format?: (value: number) => string;
  /** Its unit or what it is made of. */
  readonly unit?: string;
  readonly period: string;
}

/** One figure with its unit, its period and what it was before. */
export function Tile({ name, value, before, format = formatNumber, unit, period }: TileProps) {
  const { t } = useTranslation('administration');
  return (
    <div className="flex flex-col gap-0.5 rounded-card border border-line bg-surface p-4">
      <dt className="text-ink-soft text-small">
        {name} <span className="block">{period}</span>
      </dt>
      <dd className="flex flex-1 flex-col gap-0.5">
        <span className="font-semibold text-title tabular-nums">
          {value === undefined ? t('tiles.none') : format(value)}
        </span>
        {unit && <span className="text-ink-soft text-small tabular-nums">{unit}</span>}
        {before && value !== undefined && <Change value={value} before={before.value} format={format} />}
      </dd>
    </div>
  );
}

interface ChangeProps {
  readonly value: number;
  readonly before: number | undefined;
  readonly format: (value: number) => string;
}

function Change({ value, before, format }: ChangeProps) {
  const { t } = useTranslation('administration');
  const classes = 'mt-auto flex items-start gap-1 pt-1 text-ink-soft text-small tabular-nums';
  if (!before)
    return <span className={classes}>{t(value ? 'tiles.fromNone' : 'tiles.same', { before: format(0) })}</span>;
  if (value === before) return <span className={classes}>{t('tiles.same', { before: format(before) })}</span>;
  const Icon = value > before ? ArrowUp : ArrowDown;
  const change = formatNumber(Math.abs(value - before) / before, { style: 'percent', maximumFractionDigits: 0 });
  return (
    <span className={classes}>
      <Icon className="mt-0.5 size-3.5 shrink-0" aria-hidden />
      {t(value > before ? 'tiles.more' : 'tiles.less', { change, before: format(before) })}
    </span>
  );
}

/** As large as a tile. */
export const TileSkeleton = () => <Skeleton className="h-36 !rounded-card" />;
