import { useTranslation } from 'react-i18next';
import { Field } from '../../ui/field.tsx';
import { formatNumber } from '../../ui/format.ts';
import { Changed } from './changed.tsx';
import { readWhole } from './whole-number.ts';

interface NumberSettingProps {
  readonly label: string;
  readonly hint?: string;
  readonly bounds: readonly [min: number, max: number];
  readonly text: string;
  /** What is saved. */
  readonly before: number;
  readonly onText: (text: string) => void;
}

/** A whole number within bounds; says so where it is none, and what it was where it is another. */
export function NumberSetting({ label, hint, bounds: [min, max], text, before, onText }: NumberSettingProps) {
  const { t } = useTranslation('administration');
  const value = readWhole(text, min, max);
  return (
    <div className="flex flex-col gap-2">
      <Field
        label={label}
        hint={hint}
        inputMode="numeric"
        value={text}
        problem={
          value === undefined ? t('settings.invalid', { min: formatNumber(min), max: formatNumber(max) }) : undefined
        }
        className="tabular-nums"
        onValue={onText}
      />
      <Changed isShown={value !== before}>{formatNumber(before)}</Changed>
    </div>
  );
}
