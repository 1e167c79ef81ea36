import { type RefObject, useEffect, useRef } from 'react';

/** Calls back when the element comes within a screen of being seen, and again while it stays there as `again` changes. */
export function useNear(callback: () => void, isActive: boolean, again: unknown): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(callback);
  latest.current = callback;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was loaded may not have filled the screen
  useEffect(() => {
    if (!element.current || !isActive) return;
    const seen = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) latest.current();
      },
      { rootMargin: '400px' },
    );
    seen.observe(element.current);
    return () => seen.disconnect();
  }, [isActive, again]);
  return element;
}
