import { useDeferredValue, useLayoutEffect } from 'react';
import { useChat } from '../chat-context.ts';

/**
 * A value as it is drawn: what follows from the latest is made ready in small steps, between which a key may come, and all of it is
 * in the page at once. `drawing` knows until when.
 */
export function useDrawn<Value>(latest: Value): Value {
  const { drawing } = useChat();
  const drawn = useDeferredValue(latest);
  const isBehind = drawn !== latest;
  useLayoutEffect(() => (isBehind ? drawing.begin() : undefined), [drawing, isBehind]);
  return drawn;
}
