import { memo, useEffect, useRef, useState } from 'react';
import { whenIdle } from '../../../../ui/when-idle.ts';
import type { renderMaths } from './render-maths.ts';

interface MathsProps {
  /** TeX. */
  readonly tex: string;
  readonly isDisplay?: boolean;
}

let loaded: typeof renderMaths | undefined;

/** What draws maths, with its type, so that no formula changes its size; it starts in a task of its own, not in that which wanted it. */
export async function loadMaths(): Promise<void> {
  const { renderMaths, loadType, warmUp } = await import('./render-maths.ts');
  await loadType();
  await new Promise<void>((resolve) => {
    whenIdle(resolve);
  });
  if (!loaded) warmUp();
  loaded = renderMaths;
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
    if (render && place.current) render(tex, place.current, isDisplay);
  }, [render, tex, isDisplay]);
  return (
    <span ref={place} dir="ltr" className={isDisplay ? 'maths maths-display' : 'maths'}>
      {!render && <code>{tex}</code>}
    </span>
  );
});
