import { type ReactNode, useState } from 'react';
import { sentenceOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { Chip, ChipGroup } from '../../ui/chip.tsx';
import { useCharacters, useScenes } from './use-stories.ts';

interface ChoiceProps {
  readonly chosen: readonly string[];
  readonly onChosen: (ids: readonly string[]) => void;
}

const mostCharacters = 5;
const mostScenes = 3;

/** Who is in a story: mine first, then those of the library. */
export function CharacterChoice(props: ChoiceProps) {
  const { data, error, refetch } = useCharacters();
  return (
    <PartChoice
      {...props}
      label="Who is in it?"
      most={mostCharacters}
      items={data?.items.map(({ id, name, who }) => ({ id, name, more: who }))}
      trouble={error && !data && <Trouble error={error} onRetry={() => void refetch()} />}
    />
  );
}

/** Where a story takes place. */
export function SceneChoice(props: ChoiceProps) {
  const { data, error, refetch } = useScenes();
  return (
    <PartChoice
      {...props}
      label="Where is it?"
      most={mostScenes}
      items={data?.items.map(({ id, place, mood }) => ({ id, name: place, more: mood }))}
      trouble={error && !data && <Trouble error={error} onRetry={() => void refetch()} />}
    />
  );
}

const Trouble = ({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) => (
  <div role="alert" className="flex flex-wrap items-center gap-3 text-ink-soft text-small">
    {sentenceOf(error)} <Button onClick={onRetry}>Load again</Button>
  </div>
);

interface PartChoiceProps extends ChoiceProps {
  readonly label: string;
  readonly most: number;
  readonly items: ReadonlyArray<{ readonly id: string; readonly name: string; readonly more: string }> | undefined;
  readonly trouble: ReactNode;
}

/** So many are shown before all are asked for. */
const shownAtFirst = 12;

function PartChoice({ label, most, items, trouble, chosen, onChosen }: PartChoiceProps) {
  const [isLong, setLong] = useState(false);
  const isFull = chosen.length >= most;
  const shown = items?.filter(({ id }, index) => isLong || index < shownAtFirst || chosen.includes(id)) ?? [];
  const hidden = (items?.length ?? 0) - shown.length;
  return (
    <ChipGroup label={label} hint={`Up to ${most}. ${isFull ? 'That is as many as fit.' : ''}`}>
      {shown.map(({ id, name, more }) => {
        const isOn = chosen.includes(id);
        return (
          <Chip
            key={id}
            isOn={isOn}
            isDisabled={isFull && !isOn}
            title={more}
            onChange={(on) => onChosen(on ? [...chosen, id] : chosen.filter((each) => each !== id))}
          >
            {name}
          </Chip>
        );
      })}
      {hidden > 0 && (
        <Button look="quiet" className="!rounded-full text-small" onClick={() => setLong(true)}>
          Show {hidden} more
        </Button>
      )}
      {!items && !trouble && <p className="min-h-10 text-ink-soft text-small">Loading</p>}
      {items?.length === 0 && <p className="text-ink-soft text-small">There are none here.</p>}
      {trouble}
    </ChipGroup>
  );
}
