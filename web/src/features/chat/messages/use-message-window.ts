import {
  defaultRangeExtractor,
  observeElementRect,
  type Range,
  type ReactVirtualizer,
  useVirtualizer,
} from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { whenIdle } from '../../../ui/when-idle.ts';
import { estimateRow, type Row } from './message-rows.ts';

/** How near to the end still counts as being there, in CSS pixels. */
const nearPx = 48;
const gap = 24;
const startSpace = 24;
const endSpace = 32;

interface MessageWindow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly list: (element: HTMLElement | null) => void;
  readonly virtualizer: ReactVirtualizer<HTMLDivElement, HTMLDivElement>;
  readonly atEnd: boolean;
  readonly toEnd: () => void;
}

/**
 * The part of a long list that is in the page. It stays at its end while the reader is there, and where the reader is otherwise:
 * what is added above does not move the line that is being read. Another list, and what was sent from here, is at its end.
 */
export function useMessageWindow(listKey: string, rows: readonly Row[]): MessageWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const width = () => scroller.current?.clientWidth || window.innerWidth;
  const estimates = useRef(new WeakMap<object, number>());
  const estimateSize = (index: number): number => {
    const row = rows[index];
    if (!row) return 0;
    const subject = 'unsent' in row ? row.unsent : row.message;
    const known = estimates.current.get(subject);
    if (known !== undefined) return known;
    const estimate = estimateRow(row, width());
    estimates.current.set(subject, estimate);
    return estimate;
  };
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize,
    getItemKey: (index) => rows[index]?.key ?? index,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: nearPx,
    overscan: useOverscan(listKey),
    gap,
    paddingStart: startSpace,
    paddingEnd: endSpace,
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    // Never before the start: a list that is shorter than the window is not scrolled, and so would stay there, without its last rows.
    initialOffset: () =>
      Math.max(
        0,
        rows.reduce((sum, _, index) => sum + estimateSize(index) + gap, -window.innerHeight),
      ),
    // A list that is not shown has no height, but keeps what it has.
    observeElementRect: (instance, tell) => observeElementRect(instance, (rect) => rect.height > 0 && tell(rect)),
    rangeExtractor: (range) => withFocused(range, scroller.current),
    directDomUpdates: true,
    directDomUpdatesMode: 'position',
  });
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
  }, [virtualizer, tellAtEnd]);

  const isEmpty = rows.length === 0;
  const sent = rows.findLast((row) => 'unsent' in row)?.key;
  const placed = useRef({ listKey, isEmpty: true });
  useLayoutEffect(() => {
    const isAnother = placed.current.listKey !== listKey || placed.current.isEmpty;
    placed.current = { listKey, isEmpty };
    // Another list begins at its end, and so does a message; one that is confirmed moves nobody.
    if (!isEmpty && (isAnother || sent !== undefined)) toEnd();
  }, [toEnd, listKey, sent, isEmpty]);

  return { scroller, list: virtualizer.containerRef, virtualizer, atEnd, toEnd };
}

/** Rows beyond what is seen: none at first, so that what is seen is there sooner. */
function useOverscan(listKey: string): number {
  const [settled, setSettled] = useState<string>();
  useEffect(() => whenIdle(() => setSettled(listKey)), [listKey]);
  return settled === listKey ? 2 : 0;
}

/** What has the focus stays in the page wherever the list is scrolled to: it would be lost otherwise. */
function withFocused(range: Range, scroller: HTMLElement | null): number[] {
  const indexes = defaultRangeExtractor(range);
  const row = document.activeElement?.closest('[data-index]');
  const index = row && scroller?.contains(row) ? Number(row.getAttribute('data-index')) : -1;
  if (index < 0 || index >= range.count || indexes.includes(index)) return indexes;
  return [...indexes, index].sort((one, other) => one - other);
}
