import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** How near to the end still counts as being there, in CSS pixels. */
const nearPx = 48;

interface StickToEnd {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly atEnd: boolean;
  readonly toEnd: () => void;
}

/**
 * Keeps a scrolling list at its end while the reader is there, and where the reader is otherwise: what is added above
 * (`firstKey` changes) does not move the line that is being read. Another `listKey` starts at the end.
 */
export function useStickToEnd(listKey: string, firstKey: string | undefined): StickToEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const height = useRef(0);
  const [atEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    sticks.current = true;
    setAtEnd(true);
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list begins at its end
  useLayoutEffect(() => toEnd(), [toEnd, listKey]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another first message means that something was added above
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && !sticks.current) element.scrollTop += element.scrollHeight - height.current;
  }, [firstKey]);

  useEffect(() => {
    const element = scroller.current;
    if (!element || !content.current) return;
    let top = element.scrollTop;
    const scrolled = () => {
      const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
      // Text that arrives also takes the end away; only going up is the reader's wish.
      if (isNear || element.scrollTop < top - 1) sticks.current = isNear;
      top = element.scrollTop;
      setAtEnd(sticks.current);
    };
    const resized = new ResizeObserver(() => {
      height.current = element.scrollHeight;
      if (sticks.current) element.scrollTop = element.scrollHeight;
      else scrolled();
    });
    element.addEventListener('scroll', scrolled, { passive: true });
    resized.observe(content.current);
    resized.observe(element);
    return () => {
      element.removeEventListener('scroll', scrolled);
      resized.disconnect();
    };
  }, []);

  return { scroller, content, atEnd, toEnd };
}
