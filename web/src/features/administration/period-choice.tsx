import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Chip, ChipGroup } from '../../ui/chip.tsx';
import { addDays, dayIn } from '../../ui/days.ts';
import { Field } from '../../ui/field.tsx';
import { dayCounts, type Period, type PeriodProblem, readPeriod, writePeriod } from './period.ts';

/** The period that the address of the page names, and how to choose another. */
export function usePeriod(): readonly [Period, (period: Period) => void] {
  const [query, setQuery] = useSearchParams();
  const choose = (period: Period) =>
    setQuery(
      (before) => {
        const { from: _from, to: _to, ...others } = Object.fromEntries(before);
        return { ...others, ...writePeriod(period) };
      },
      { replace: true },
    );
  return [readPeriod(query), choose];
}

interface PeriodChoiceProps {
  readonly period: Period;
  readonly onChange: (period: Period) => void;
  readonly problem: PeriodProblem | undefined;
  readonly timeZone: string;
}

export function PeriodChoice({ period, onChange, problem, timeZone }: PeriodChoiceProps) {
  const { t } = useTranslation('administration');
  const today = dayIn(timeZone, new Date());
  const chip = (name: string, isOn: boolean, chosen: Period) => (
    <Chip key={name} type="radio" name="period" isOn={isOn} onChange={() => onChange(chosen)}>
      {name}
    </Chip>
  );
  return (
    <div className="flex flex-wrap items-end gap-4">
      <ChipGroup label={t('period.name')}>
        {chip(t('period.hours'), period.kind === 'hours', { kind: 'hours' })}
        {dayCounts.map((days) =>
          chip(t('period.days', { count: days }), period.kind === 'days' && period.days === days, {
            kind: 'days',
            days,
          }),
        )}
        {chip(t('period.own'), period.kind === 'own', { kind: 'own', from: addDays(today, -6), to: today })}
      </ChipGroup>
      {period.kind === 'own' && (
        <div className="flex flex-wrap gap-3">
          {(['from', 'to'] as const).map((end) => (
            <Field
              key={end}
              type="date"
              label={t(`period.${end}`)}
              value={period[end]}
              max={today}
              aria-invalid={problem !== undefined}
              onValue={(day) => onChange({ ...period, [end]: day })}
            />
          ))}
        </div>
      )}
      {problem && (
        <p role="alert" className="basis-full text-bad">
          {t(`period.${problem}`)}
        </p>
      )}
    </div>
  );
}
