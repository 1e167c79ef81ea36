import type { Scene } from '#contract/story-parts.ts';
import { CopyToMine, PartActions } from './part-actions.tsx';
import { scenes } from './part-apis.ts';
import { useCopyPart } from './use-parts.ts';

interface SceneCardProps {
  readonly scene: Scene;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

/** Where it is, how it feels there, and what may happen; one of the library can only be copied. */
export function SceneCard({ scene: { place, mood, events, source }, onEdit, onDelete }: SceneCardProps) {
  const copy = useCopyPart(scenes);
  return (
    <li className="flex flex-col gap-2 rounded-card border border-line bg-surface p-4">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <h3 dir="auto" className="font-semibold text-title">
            {place}
          </h3>
          <p dir="auto" className="text-ink-soft">
            {mood}
          </p>
        </div>
        {source === 'mine' && <PartActions name={place} onEdit={onEdit} onDelete={onDelete} />}
      </div>
      {/* The marks stand where the list begins: on the side from which its text is read. */}
      <ul dir="auto" className="list-disc ps-5 marker:text-lamp-strong">
        {[...new Set(events)].map((event) => (
          <li key={event}>{event}</li>
        ))}
      </ul>
      {source === 'library' && (
        <CopyToMine name={place} isPending={copy.isPending} onCopy={() => copy.mutate({ place, mood, events })} />
      )}
    </li>
  );
}
