import { useDeferredValue, useLayoutEffect, useState } from 'react';
import { afterTimeout } from '../../../api/timers.ts';
import { useChat } from '../chat-context.ts';

/** Each key has what is being drawn begun anew: somebody who holds one down on a slow machine would see nothing else. */
const longestMs = 300;

/**
 * A value as it is drawn: what follows from the latest is made ready in small steps, between which a key may come, and all of it is
 * in the page at once; what has not come to its end for long is drawn in one go. `drawing` knows until when.
 */
export function useDrawn<Value>(latest: Value): Value {
  const { drawing } = useChat();
  const drawn = useDeferredValue(latest);
  const [isOverdue, setOverdue] = useState(false);
  const isBehind = drawn !== latest;
  const isAwaited = isBehind && !isOverdue;
  useLayoutEffect(() => {
    if (!isAwaited) return undefined;
    const tell = drawing.begin();
    const cancel = afterTimeout(longestMs, () => setOverdue(true));
    return () => {
      cancel();
      tell();
    };
  }, [drawing, isAwaited]);
  useLayoutEffect(() => {
    if (!isBehind) setOverdue(false);
  }, [isBehind]);
  return isOverdue ? latest : drawn;
}
