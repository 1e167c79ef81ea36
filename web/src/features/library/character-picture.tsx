import type { ReactNode } from 'react';
import type { Character } from '#contract/story-parts.ts';
import { Lamp } from '../../ui/lamp.tsx';
import { useChat } from '../chat/chat-context.ts';
import { useSteadyMedia } from '../stories/use-steady-media.ts';

interface CharacterPictureProps {
  readonly character: Pick<Character, 'name' | 'pictureUrl'>;
  readonly className: string;
}

/** The picture of a character, beside the name; the name's first letter where it cannot be loaded. */
export function CharacterPicture({ character: { name, pictureUrl }, className }: CharacterPictureProps) {
  const { socket } = useChat();
  const { address, round, isBroken, onBroken, onLoaded } = useSteadyMedia(
    { state: 'ready', url: pictureUrl },
    { socket },
  );
  return (
    <PictureFrame className={className}>
      {isBroken && <Initial name={name} />}
      <img
        key={round}
        src={address}
        alt=""
        loading="lazy"
        onLoad={onLoaded}
        onError={onBroken}
        // Not `hidden`: what is lazy would not be loaded again.
        className={isBroken ? 'sr-only' : 'size-full object-cover'}
      />
    </PictureFrame>
  );
}

export const PictureFrame = ({ className, children }: { readonly className: string; readonly children: ReactNode }) => (
  <div
    className={`${className} relative grid shrink-0 place-items-center overflow-hidden rounded-card border border-line bg-sunken`}
  >
    {children}
  </div>
);

/** Drawn where there is no picture: the name's first letter, or the lamp. */
export function Initial({ name }: { readonly name: string }) {
  const [letter] = name.trim();
  if (letter === undefined) return <Lamp className="size-8 opacity-60" />;
  return (
    <span aria-hidden className="font-serif text-display text-ink-soft">
      {letter}
    </span>
  );
}
