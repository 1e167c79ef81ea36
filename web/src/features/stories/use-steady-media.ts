import { useEffect, useState } from 'react';
import type { FollowUpState } from '#contract/stories.ts';
import { serverOrigin } from '../../api/server-origin.ts';

interface Media {
  readonly state: FollowUpState;
  readonly url?: string | undefined;
}

export interface SteadyMedia {
  /** Where it is; absent while it is not made. */
  readonly address: string | undefined;
  /** It is said to be there, and cannot be loaded. */
  readonly isBroken: boolean;
  readonly onBroken: () => void;
}

/**
 * The address of a picture or a voice. Each reading of a story may sign it anew: as long as it leads to the same thing and works, the
 * first one stays, so that nothing is loaded twice and no voice is cut off.
 */
export function useSteadyMedia({ state, url }: Media): SteadyMedia {
  const [held, setHeld] = useState<string>();
  const [broken, setBroken] = useState<string>();
  const given = state === 'ready' ? url : undefined;
  const isHeld = held !== undefined && given !== undefined && held !== broken && pathOf(held) === pathOf(given);
  const current = isHeld ? held : given;
  useEffect(() => setHeld(current), [current]);
  return {
    address: current?.startsWith('/') ? serverOrigin() + current : current,
    isBroken: current !== undefined && current === broken,
    onBroken: () => setBroken(current),
  };
}

const pathOf = (url: string): string | undefined => url.split('?')[0];
