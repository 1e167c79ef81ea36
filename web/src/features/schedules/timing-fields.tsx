import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Chip, ChipGroup } from '../../ui/chip.tsx';
import { zoneWords } from '../../ui/days.ts';
import { Field } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { everyEvening, type ScheduleDraft } from './schedule-draft.ts';
import { longDay, shortDay, weekdays } from './timing-words.ts';

interface TimingFieldsProps {
  readonly draft: ScheduleDraft;
  readonly onChange: (changes: Partial<ScheduleDraft>) => void;
}

/** On which days, at what time, and where that time is read. */
export function TimingFields({ draft: { timing, timeZone }, onChange }: TimingFieldsProps) {
  const { t } = useTranslation('schedules');
  const zones = useMemo(() => zonesWith(timeZone), [timeZone]);
  const zone = (
    <SelectField
      label={t('timing.zone')}
      value={timeZone}
      onValue={(value) => onChange({ timeZone: value })}
      options={zones}
    />
  );
  if (timing.kind === 'cron') {
    return (
      <div className="flex flex-col gap-4">
        <Field
          label={t('timing.pattern')}
          hint={t('timing.patternHint')}
          value={timing.cron}
          onValue={(cron) => onChange({ timing: { kind: 'cron', cron } })}
          required
          maxLength={100}
          spellCheck={false}
          className="font-mono sm:max-w-80"
        />
        <Button className="self-start" onClick={() => onChange({ timing: everyEvening })}>
          {t('timing.chooseDays')}
        </Button>
        {zone}
      </div>
    );
  }
  const { days, time } = timing;
  const choose = (day: number, isOn: boolean) => (isOn ? [...days, day].sort() : days.filter((each) => each !== day));
  return (
    <>
      <ChipGroup label={t('timing.days')} hint={days.length === 0 ? t('timing.oneDay') : undefined}>
        {weekdays.map((day) => (
          <Chip
            key={day}
            isOn={days.includes(day)}
            title={longDay(day)}
            onChange={(isOn) => onChange({ timing: { ...timing, days: choose(day, isOn) } })}
          >
            {shortDay(day)}
          </Chip>
        ))}
      </ChipGroup>
      <div className="grid gap-4 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <Field
          label={t('timing.at')}
          type="time"
          required
          value={time}
          onValue={(value) => onChange({ timing: { ...timing, time: value.slice(0, 5) } })}
          className="tabular-nums"
        />
        {zone}
      </div>
    </>
  );
}

/** All time zones that the browser knows, and the one that is chosen. */
function zonesWith(chosen: string): ReadonlyArray<readonly [string, string]> {
  const zones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', chosen]);
  return [...zones].sort().map((zone) => [zone, zoneWords(zone)]);
}
