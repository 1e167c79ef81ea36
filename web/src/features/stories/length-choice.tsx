import { useTranslation } from 'react-i18next';
import type { storyMinutes } from '#contract/story-parts.ts';
import { Chip, ChipGroup } from '../../ui/chip.tsx';

type Minutes = (typeof storyMinutes)[number];
/** Checked against the contract by its type, so that its schemas stay out of the page. */
const lengths: typeof storyMinutes = [3, 5, 10];

interface LengthChoiceProps {
  readonly minutes: Minutes | undefined;
  readonly onMinutes: (minutes: Minutes) => void;
}

export function LengthChoice({ minutes, onMinutes }: LengthChoiceProps) {
  const { t } = useTranslation('stories');
  return (
    <ChipGroup label={t('telling.long')} hint={t('telling.aloud')}>
      {lengths.map((each) => (
        <Chip key={each} type="radio" name="minutes" isOn={each === minutes} onChange={() => onMinutes(each)}>
          {t('telling.minutes', { count: each })}
        </Chip>
      ))}
    </ChipGroup>
  );
}
