import type { ReactVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

export type MessageVirtualizer = ReactVirtualizer<HTMLDivElement, HTMLDivElement>;

/** How near to the end still counts as being there, in CSS pixels. */
export const nearPx = 48;

interface Place {
  readonly atEnd: boolean;
  readonly toEnd: () => void;
}

/**
 * Whether the reader of a list is at its end, and the way there. It knows no row: what listens here stays for as long as the list,
 * and would keep the rows of the first one.
 */
export function usePlace(scroller: RefObject<HTMLDivElement | null>, virtualizer: MessageVirtualizer): Place {
  const [atEnd, setAtEnd] = useState(true);
  const isAtEnd = useRef(true);
  const tellAtEnd = useCallback((is: boolean) => {
    isAtEnd.current = is;
    setAtEnd(is);
  }, []);
  const toEnd = useCallback(() => {
    virtualizer.scrollToEnd();
    tellAtEnd(true);
  }, [virtualizer, tellAtEnd]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let height = element.clientHeight;
    // Text that arrives at the end is followed, so only scrolling changes where the reader is.
    const scrolled = () => {
      if (element.clientHeight !== height) return;
      tellAtEnd(element.scrollHeight - element.scrollTop - height <= nearPx);
    };
    element.addEventListener('scroll', scrolled, { passive: true });
    // Over a longer draft or a keyboard the list is lower, and scrolls nothing by itself. On paper it has another height for a moment.
    const resizes = new ResizeObserver(() => {
      if (height === element.clientHeight || window.matchMedia('print').matches) return;
      height = element.clientHeight;
      if (height > 0 && isAtEnd.current) virtualizer.scrollToEnd();
      else if (height > 0) scrolled();
    });
    resizes.observe(element);
    return () => {
      element.removeEventListener('scroll', scrolled);
      resizes.disconnect();
    };
  }, [scroller, virtualizer, tellAtEnd]);
  return { atEnd, toEnd };
}
