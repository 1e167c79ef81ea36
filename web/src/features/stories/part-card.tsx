import { useId, useState } from 'react';
import { serverOrigin } from '../../api/server-origin.ts';

export interface Part {
  readonly id: string;
  readonly name: string;
  /** More of who or where it is. */
  readonly more: string;
  readonly pictureUrl?: string | undefined;
  readonly isMine: boolean;
}

interface PartCardProps {
  readonly part: Part;
  readonly isOn: boolean;
  readonly isDisabled: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** Somebody or some place that can be in a story: a checkbox as large as a card. */
export function PartCard({ part: { name, more, pictureUrl }, isOn, isDisabled, onChange }: PartCardProps) {
  const id = useId();
  return (
    <label className="flex min-w-0 cursor-pointer flex-col overflow-hidden rounded-card border border-edge bg-surface transition-colors duration-120 hover:bg-sunken has-checked:border-lamp-strong has-disabled:cursor-default has-checked:bg-lamp/15 has-disabled:opacity-50 has-checked:inset-ring has-checked:inset-ring-lamp-strong has-focus-visible:outline-2 has-focus-visible:outline-lamp-strong has-focus-visible:outline-offset-2">
      <input
        type="checkbox"
        aria-labelledby={`${id}-name`}
        aria-describedby={`${id}-more`}
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
        className="sr-only"
      />
      {pictureUrl !== undefined && <Picture url={pictureUrl} />}
      <span className="flex flex-col gap-0.5 px-3 py-2.5">
        <span id={`${id}-name`} dir="auto" className="line-clamp-3 font-medium">
          {name}
        </span>
        <span id={`${id}-more`} dir="auto" title={more} className="line-clamp-2 text-ink-soft text-small">
          {more}
        </span>
      </span>
    </label>
  );
}

/** Beside the name, which tells the same; the same room where it cannot be loaded. */
function Picture({ url }: { readonly url: string }) {
  const [isBroken, setBroken] = useState(false);
  return (
    <span className="block aspect-4/3 w-full border-line border-b bg-sunken">
      {!isBroken && (
        <img
          src={url.startsWith('/') ? serverOrigin() + url : url}
          alt=""
          loading="lazy"
          onError={() => setBroken(true)}
          className="size-full object-cover"
        />
      )}
    </span>
  );
}
