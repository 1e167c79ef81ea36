import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OpenedStory } from '#contract/stories.ts';
import { Lamp } from '../../ui/lamp.tsx';
import { type MediaSource, useSteadyMedia } from './use-steady-media.ts';

interface CoverProps {
  readonly picture: OpenedStory['picture'];
  readonly source: MediaSource;
  /** Nothing comes any more. */
  readonly isOver: boolean;
}

/** The picture of a story in the lamp's light. It takes the same room before the picture is there, and where none comes. */
export function Cover({ picture, source, isOver }: CoverProps) {
  const { address, round, isBroken, onBroken, onLoaded } = useSteadyMedia(picture, source);
  const [shown, setShown] = useState<string>();
  const isShown = address !== undefined && shown === address && !isBroken;
  const isAwaited = !isOver && !isBroken && !isShown && (picture.state === 'pending' || address !== undefined);
  const isMissing = !isAwaited && !isShown;
  return (
    <div className="story-cover relative isolate">
      <div className="relative aspect-3/2 max-h-[46dvh] w-full overflow-hidden rounded-card border border-line bg-sunken/60 print:aspect-auto print:max-h-none print:border-0 print:bg-transparent">
        {isAwaited && <Awaited />}
        {isMissing && <Missing hasFailed={picture.state === 'failed' || isBroken} />}
        {address && (
          <img
            key={round}
            src={address}
            alt={picture.alt ?? ''}
            hidden={isBroken}
            onLoad={() => {
              setShown(address);
              onLoaded();
            }}
            onError={onBroken}
            className={`size-full object-cover print:h-auto print:max-h-[40vh] print:object-contain transition-opacity duration-180 ${isShown ? '' : 'opacity-0'}`}
          />
        )}
      </div>
    </div>
  );
}

function Awaited() {
  const { t } = useTranslation('stories');
  return (
    <div className="absolute inset-0 grid place-items-center print:hidden">
      <div className="still-breathing absolute inset-0 bg-line/60" />
      <p className="relative text-ink-soft text-small">{t('cover.awaited')}</p>
    </div>
  );
}

function Missing({ hasFailed }: { readonly hasFailed: boolean }) {
  const { t } = useTranslation('stories');
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-3 p-4 text-center text-ink-soft text-small print:hidden">
      <Lamp className="size-14 opacity-70" />
      {hasFailed && <p>{t('cover.missing')}</p>}
    </div>
  );
}
