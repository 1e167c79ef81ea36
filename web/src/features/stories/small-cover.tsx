import type { Story } from '#contract/stories.ts';
import { Lamp } from '../../ui/lamp.tsx';
import { useSteadyMedia } from './use-steady-media.ts';

interface SmallCoverProps {
  readonly story: Story;
  readonly className: string;
}

/** The picture of a story beside its title, which names it; the lamp where there is none. */
export function SmallCover({ story: { picture, status }, className }: SmallCoverProps) {
  const { address, isBroken, onBroken } = useSteadyMedia(picture);
  const isAwaited = status === 'writing' || (status === 'ready' && picture.state === 'pending');
  return (
    <div
      className={`${className} ${isAwaited ? 'still-breathing' : ''} grid shrink-0 place-items-center overflow-hidden border border-line bg-sunken`}
    >
      {address && !isBroken ? (
        <img src={address} alt="" loading="lazy" onError={onBroken} className="size-full object-cover" />
      ) : (
        <Lamp className="size-6 opacity-60" />
      )}
    </div>
  );
}
