import { useEffect, useState } from 'react';
import type { FollowUpState } from '#contract/stories.ts';
import { serverOrigin } from '../../api/server-origin.ts';
import type { Socket } from '../../api/socket.ts';
import { type After, afterTimeout } from '../../api/timers.ts';

interface Media {
  readonly state: FollowUpState;
  readonly url?: string | undefined;
}

/** What helps where a picture or a voice cannot be loaded. */
export interface MediaSource {
  /** Asks for the story once more: its address may be another one by now. */
  readonly refetch?: () => void;
  /** The page's live connection, where it has one: when it is back, the media may be too. */
  readonly socket?: Pick<Socket, 'subscribe' | 'state'>;
  readonly after?: After;
}

export interface SteadyMedia {
  /** Where it is; absent while it is not made. */
  readonly address: string | undefined;
  /** Grows each time that it is to be loaded again, from the same address or another. */
  readonly round: number;
  /** It is said to be there, and could not be loaded for a while. Should a later load work, it is there again. */
  readonly isBroken: boolean;
  readonly onBroken: () => void;
  readonly onLoaded: () => void;
}

/** After each failed load in a row it is loaded once more, this much later, in milliseconds. */
const waitsMs = [2_000, 10_000, 60_000, 300_000];
/** This many may fail before it is said that it is not there. */
const patience = 2;
/** What has worked for so long counts as sound, in milliseconds: until then, failures are still in a row. */
const soundMs = 30_000;

const sound = { works: true, failures: 0 };

/**
 * The address of a picture or a voice. Each reading of a story may sign it anew: as long as it leads to the same thing and works, the
 * first one stays, so that nothing is loaded twice and no voice is cut off. What breaks is loaded again after a while, and at once
 * where the network or the live connection comes back.
 */
export function useSteadyMedia({ state, url }: Media, source: MediaSource = {}): SteadyMedia {
  const { refetch, socket, after = afterTimeout } = source;
  const [held, setHeld] = useState<string>();
  const [{ works, failures }, setFortune] = useState(sound);
  const [round, setRound] = useState(0);
  const given = state === 'ready' ? url : undefined;
  const thing = thingOf(given);
  const current = works && thing !== undefined && thingOf(held) === thing ? held : given;
  useEffect(() => setHeld(current), [current]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another thing has its own fortune
  useEffect(() => setFortune(sound), [thing]);
  useEffect(() => {
    if (failures === 0) return;
    if (works) return after(soundMs, () => setFortune(sound));
    const wait = waitsMs[failures - 1];
    return wait === undefined ? undefined : after(wait, () => setRound((before) => before + 1));
  }, [works, failures, after]);
  useEffect(() => {
    if (works) return;
    const again = () => {
      refetch?.();
      setRound((before) => before + 1);
    };
    const stop = socket?.subscribe(() => {
      if (socket.state() === 'connected') again();
    });
    window.addEventListener('online', again);
    return () => {
      stop?.();
      window.removeEventListener('online', again);
    };
  }, [works, refetch, socket]);
  return {
    address: current?.startsWith('/') ? serverOrigin() + current : current,
    round,
    isBroken: !works && failures > patience,
    onBroken: () => {
      if (failures === 0) refetch?.();
      setFortune((before) => ({ works: false, failures: before.failures + 1 }));
    },
    onLoaded: () => setFortune((before) => (before.works ? before : { ...before, works: true })),
  };
}

/** What an address leads to: all of it but how long it is good for, and who signed that. Another version is another thing. */
function thingOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const [path, query] = url.split('?');
  const others = new URLSearchParams(query);
  for (const name of ['expires', 'signature']) others.delete(name);
  return `${path}?${others}`;
}
