import type { Character } from '#contract/story-parts.ts';
import { CharacterPicture } from './character-picture.tsx';
import { CopyToMine, PartActions } from './part-actions.tsx';
import { characters } from './part-apis.ts';
import { useCopyPart } from './use-parts.ts';

interface CharacterCardProps {
  readonly character: Character;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

/** Who they are, with their picture; one of the library can only be copied. */
export function CharacterCard({ character, onEdit, onDelete }: CharacterCardProps) {
  const { name, who, traits, source } = character;
  const copy = useCopyPart(characters);
  return (
    <li className="flex flex-wrap gap-4 rounded-card border border-line bg-surface p-4">
      <CharacterPicture character={character} className="size-20" />
      <div className="flex min-w-0 flex-1 basis-40 flex-col gap-2">
        <div className="flex flex-wrap items-start gap-2">
          <h3 dir="auto" className="min-w-0 flex-1 basis-16 font-semibold text-title">
            {name}
          </h3>
          {source === 'mine' && <PartActions name={name} onEdit={onEdit} onDelete={onDelete} />}
        </div>
        <p dir="auto">{who}</p>
        <ul className="flex flex-wrap gap-x-2 gap-y-1 text-ink-soft text-small">
          {[...new Set(traits)].map((trait) => (
            <li key={trait} dir="auto" className="rounded-full bg-sunken px-2.5 py-0.5">
              {trait}
            </li>
          ))}
        </ul>
        {source === 'library' && (
          <CopyToMine name={name} isPending={copy.isPending} onCopy={() => copy.mutate({ name, who, traits })} />
        )}
      </div>
    </li>
  );
}
