import { type RefObject, useEffect, useEffectEvent } from 'react';
import { isComposing } from './is-composing.ts';

interface ListboxKeys {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly listId: string;
  readonly optionId: string | undefined;
  readonly onMove: (by: number) => void;
  /** Nothing where there is nothing to choose: then the key is the box's own. */
  readonly onChoose: (() => void) | undefined;
  readonly onClose: () => void;
}

/**
 * Lets a text box move through a list of choices while the focus stays in it, as the combobox pattern has it
 * (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/). A `textarea` may not have the role of a combobox (ARIA in HTML), and a
 * text box may have everything else of it.
 */
export function useListboxKeys({ box, listId, optionId, onMove, onChoose, onClose }: ListboxKeys): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const { key, shiftKey } = event;
    if (key === 'Escape') onClose();
    else if (!onChoose) return;
    else if (key === 'ArrowDown') onMove(1);
    else if (key === 'ArrowUp') onMove(-1);
    else if (key === 'Enter' && !shiftKey) onChoose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const pressed = (event: KeyboardEvent) => press(event);
    element.addEventListener('keydown', pressed);
    element.setAttribute('aria-autocomplete', 'list');
    element.setAttribute('aria-haspopup', 'listbox');
    element.setAttribute('aria-controls', listId);
    return () => {
      element.removeEventListener('keydown', pressed);
      for (const name of ['autocomplete', 'haspopup', 'controls', 'activedescendant']) {
        element.removeAttribute(`aria-${name}`);
      }
    };
  }, [box, listId]);
  useEffect(() => {
    if (optionId) box.current?.setAttribute('aria-activedescendant', optionId);
    else box.current?.removeAttribute('aria-activedescendant');
  }, [box, optionId]);
}
