import { defaultRangeExtractor, observeElementRect, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { layOut } from '../../../ui/before-frame.ts';
import { whenIdle } from '../../../ui/when-idle.ts';
import { useChat } from '../chat-context.ts';
import { estimateRow, type Row } from './message-rows.ts';
import { type MessageVirtualizer, nearPx, usePlace } from './use-place.ts';

const gap = 24;
const startSpace = 24;
const endSpace = 32;

interface MessageWindow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly list: (element: HTMLElement | null) => void;
  readonly virtualizer: MessageVirtualizer;
  readonly atEnd: boolean;
  readonly toEnd: () => void;
}

/**
 * The part of a long list that is in the page. It stays at its end while the reader is there, and where the reader is otherwise:
 * what is added above does not move the line that is being read. Another list, and what was sent from here, is at its end.
 */
export function useMessageWindow(listKey: string, rows: readonly Row[]): MessageWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useRows(listKey, rows, scroller);
  const { atEnd, toEnd } = usePlace(scroller, virtualizer);
  const { drawing } = useChat();
  useEffect(() => drawing.laidOut.subscribe(() => measureRows(virtualizer)), [drawing, virtualizer]);
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

/** Has what grew followed before the frame that shows it: the list would find out within that frame, and lay out the page again. */
function measureRows(virtualizer: MessageVirtualizer): void {
  for (const [key, row] of virtualizer.elementsCache) {
    const index = virtualizer.indexFromElement(row);
    // While another list is being drawn, the rows in the page are still those of the one before.
    const isCurrent = row.isConnected && virtualizer.options.getItemKey(index) === key;
    if (isCurrent) virtualizer.resizeItem(index, Math.round(row.getBoundingClientRect().height));
  }
  layOut();
}

/** Of some rows those that are near what is seen, each at its place. */
function useRows(
  listKey: string,
  rows: readonly Row[],
  scroller: RefObject<HTMLDivElement | null>,
): MessageVirtualizer {
  // What the list asks with stays with it: of the first rows it knew, nothing may.
  const latest = useRef(rows);
  latest.current = rows;
  const width = () => scroller.current?.clientWidth || window.innerWidth;
  const estimates = useRef(new WeakMap<object, number>());
  const estimateSize = (index: number): number => {
    const row = latest.current[index];
    if (!row) return 0;
    const subject = 'unsent' in row ? row.unsent : row.message;
    const known = estimates.current.get(subject);
    if (known !== undefined) return known;
    const estimate = estimateRow(row, width());
    estimates.current.set(subject, estimate);
    return estimate;
  };
  return useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize,
    getItemKey: (index) => latest.current[index]?.key ?? index,
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
        latest.current.reduce((sum, _, index) => sum + estimateSize(index) + gap, -window.innerHeight),
      ),
    observeElementRect: observeShownRect,
    rangeExtractor: (range) => withFocused(range, scroller.current),
    directDomUpdates: true,
    directDomUpdatesMode: 'position',
  });
}

/** A list that is not shown has no height, but keeps what it has. */
const observeShownRect: typeof observeElementRect<HTMLDivElement> = (instance, tell) =>
  observeElementRect(instance, (rect) => {
    if (rect.height > 0) tell(rect);
  });

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
