import type { storyMinutes } from '#contract/story-parts.ts';
import { Chip, ChipGroup } from '../../ui/chip.tsx';

type Minutes = (typeof storyMinutes)[number];
/** Checked against the contract by its type, so that its schemas stay out of the page. */
const lengths: typeof storyMinutes = [3, 5, 10];

interface LengthChoiceProps {
  readonly minutes: Minutes | undefined;
  readonly onMinutes: (minutes: Minutes) => void;
}

export const LengthChoice = ({ minutes, onMinutes }: LengthChoiceProps) => (
  <ChipGroup label="How long?" hint="Read aloud.">
    {lengths.map((each) => (
      <Chip key={each} type="radio" name="minutes" isOn={each === minutes} onChange={() => onMinutes(each)}>
        {each} minutes
      </Chip>
    ))}
  </ChipGroup>
);
