import { memo, useEffect, useRef, useState } from 'react';
import { layOut, layOutSoon } from '../../../../ui/before-frame.ts';
import { loadType } from '../../../../ui/type.ts';
import { whenIdle } from '../../../../ui/when-idle.ts';
import type { renderMaths } from './render-maths.ts';

interface MathsProps {
  /** TeX. */
  readonly tex: string;
  readonly isDisplay?: boolean;
}

let loaded: typeof renderMaths | undefined;
let loading: Promise<void> | undefined;

/** What draws maths, with its type, so that no formula changes its size; what could not be had is asked for again the next time. */
function loadMaths(): Promise<void> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

const idle = () =>
  new Promise<void>((resolve) => {
    whenIdle(resolve);
  });

/** It starts in a task of its own, not in that which wanted it. */
async function load(): Promise<void> {
  const { renderMaths, fonts } = await import('./render-maths.ts');
  await loadType(fonts);
  await idle();
  loaded = renderMaths;
}

/**
 * Has some formulas drawn and laid out where nobody sees them, step by step while the page has nothing else to do: what takes long
 * the first time is then done. Its end is marked in the browser's timeline.
 */
export async function rehearseMaths(): Promise<void> {
  await loadMaths();
  const { renderMaths, samples } = await import('./render-maths.ts');
  const unseen = document.createElement('div');
  unseen.className = 'invisible fixed';
  unseen.dir = 'ltr';
  unseen.inert = true;
  document.body.append(unseen);
  for (const sample of samples) {
    await idle();
    renderMaths(sample, unseen, true);
    await idle();
    layOut();
  }
  unseen.remove();
  performance.mark('maths rehearsed');
}

/** Maths as it is printed; until what draws it has been loaded, its TeX. */
export const Maths = memo(function Maths({ tex, isDisplay = false }: MathsProps) {
  const place = useRef<HTMLSpanElement>(null);
  const [render, setRender] = useState(() => loaded);
  useEffect(() => {
    if (render) return;
    let isGone = false;
    loadMaths().then(
      () => {
        if (!isGone) setRender(() => loaded);
      },
      // Without a connection the TeX stays, which says the same.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [render]);
  useEffect(() => {
    if (!render || !place.current) return;
    render(tex, place.current, isDisplay);
    layOutSoon();
  }, [render, tex, isDisplay]);
  return (
    <span ref={place} dir="ltr" className={isDisplay ? 'maths maths-display' : 'maths'}>
      {!render && <code>{tex}</code>}
    </span>
  );
});
