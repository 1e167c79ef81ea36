import { type SyntheticEvent, useEffect, useRef } from 'react';
import { usePreparation } from '../messages/use-messages.ts';

/** An attribute: the ID of the conversation that is opened there. */
export const aimedAt = 'data-opens';
/** A pointer that rests so long on a conversation is not merely on its way, in milliseconds. */
const restMs = 60;

/** For a list of conversations: what is pointed at, or has the focus, will most likely be opened, and is got ready. */
export function useAim() {
  const prepare = usePreparation();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const leave = () => clearTimeout(timer.current);
  const enter = ({ target }: SyntheticEvent) => {
    leave();
    const id = target instanceof Element ? target.closest(`[${aimedAt}]`)?.getAttribute(aimedAt) : undefined;
    if (id) timer.current = setTimeout(() => prepare(id), restMs);
  };
  return { onPointerOver: enter, onPointerLeave: leave, onFocus: enter, onBlur: leave };
}
