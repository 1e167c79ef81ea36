import { type RefObject, useEffect, useEffectEvent, useRef } from 'react';

/** Marks the element that scrolls; a margin counts only around that. */
const scrollsAttribute = 'data-scrolls';

/**
 * Calls back when the element comes within `ahead` CSS pixels of being seen in the `data-scrolls` element that holds it, and
 * again while it stays there as `again` changes.
 */
export function useNear(
  callback: () => void,
  isActive: boolean,
  again: unknown,
  ahead = 400,
): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  const near = useEffectEvent(callback);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was loaded may not have filled the screen
  useEffect(() => {
    if (!element.current || !isActive) return;
    const seen = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) near();
      },
      { root: element.current.closest(`[${scrollsAttribute}]`), rootMargin: `${ahead}px` },
    );
    seen.observe(element.current);
    return () => seen.disconnect();
  }, [isActive, again, ahead]);
  return element;
}
