import type { Story } from '#contract/stories.ts';
import { Lamp } from '../../ui/lamp.tsx';
import { useChat } from '../chat/chat-context.ts';
import { useSteadyMedia } from './use-steady-media.ts';

interface SmallCoverProps {
  readonly story: Story;
  readonly className: string;
}

/** The picture of a story beside its title, which names it; the lamp where there is none. */
export function SmallCover({ story: { picture, status }, className }: SmallCoverProps) {
  const { socket } = useChat();
  const { address, round, isBroken, onBroken, onLoaded } = useSteadyMedia(picture, { socket });
  const isAwaited = status === 'writing' || (status === 'ready' && picture.state === 'pending');
  return (
    <div
      className={`${className} ${isAwaited ? 'still-breathing' : ''} grid shrink-0 place-items-center overflow-hidden border border-line bg-sunken`}
    >
      {(!address || isBroken) && <Lamp className="size-6 opacity-60" />}
      {address && (
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
      )}
    </div>
  );
}
