import { ChevronDown } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';

interface SearchSelectProps {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What shows where no option has the words. */
  readonly noMatch: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly options: ReadonlyArray<readonly [value: string, name: string]>;
}

/** More are found by writing more. */
const mostShown = 50;

/** A choice of one among hundreds, found by writing some of it (the editable combobox with list autocomplete of ARIA's patterns). */
export function SearchSelect({ label, hint, noMatch, value, onValue, options }: SearchSelectProps) {
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  /** Nothing while the list is closed. */
  const [words, setWords] = useState<string>();
  const [active, setActive] = useState(0);
  const isOpen = words !== undefined;
  const found = isOpen ? find(options, words).slice(0, mostShown) : [];
  const name = options.find(([each]) => each === value)?.[1] ?? value;

  useEffect(() => {
    if (isOpen) list.current?.children[active]?.scrollIntoView?.({ block: 'nearest' });
  }, [isOpen, active]);

  const open = (text: string) => {
    setWords(text);
    setActive(
      Math.max(
        0,
        find(options, text).findIndex(([each]) => each === value),
      ),
    );
  };
  const choose = (chosen: string) => {
    setWords(undefined);
    if (chosen !== value) onValue(chosen);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = found[active]?.[0];
    if (step !== undefined) {
      event.preventDefault();
      if (isOpen) setActive((active + step + found.length) % Math.max(1, found.length));
      else open('');
    } else if (event.key === 'Enter' && isOpen) {
      event.preventDefault();
      if (chosen !== undefined) choose(chosen);
    } else if (event.key === 'Escape' && isOpen) {
      event.preventDefault();
      setWords(undefined);
    }
  };

  return (
    <div className="flex min-w-0 flex-col gap-2">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={found[active] && `${id}-${active}`}
          aria-describedby={hint && `${id}-hint`}
          autoComplete="off"
          spellCheck={false}
          value={words ?? name}
          placeholder={name}
          onClick={() => isOpen || open('')}
          onChange={(event) => open(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => setWords(undefined)}
          className="min-h-12 w-full truncate rounded-control border border-edge bg-surface pe-10 ps-4 text-field"
        />
        <ChevronDown
          className="pointer-events-none absolute top-1/2 end-3 size-4.5 -translate-y-1/2 text-ink-soft"
          aria-hidden
        />
        <ul
          ref={list}
          id={`${id}-list`}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the pattern of a combobox has a list of this role
          role="listbox"
          aria-label={label}
          hidden={!isOpen}
          className="absolute inset-x-0 top-full z-10 mt-1 max-h-72 overflow-y-auto rounded-card border border-line bg-surface p-1 shadow-raised"
        >
          {found.map(([each, text], index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the input has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus and names the active option
            <li
              key={each}
              id={`${id}-${index}`}
              // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the pattern of a combobox has options of this role
              role="option"
              aria-selected={each === value}
              // The input keeps the focus, or the list would close before the click.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => choose(each)}
              className={`flex min-h-10 cursor-pointer items-center rounded-control px-3 hover:bg-sunken aria-selected:font-medium ${index === active ? 'bg-sunken inset-ring inset-ring-lamp-strong' : ''}`}
            >
              {text}
            </li>
          ))}
          {isOpen && found.length === 0 && <li className="px-3 py-2 text-ink-soft">{noMatch}</li>}
        </ul>
      </div>
      {hint && (
        <p id={`${id}-hint`} className="text-ink-soft text-small">
          {hint}
        </p>
      )}
    </div>
  );
}

/** The options whose names have every word, in any order. */
function find(options: SearchSelectProps['options'], text: string): SearchSelectProps['options'] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(([, name]) => words.every((word) => name.toLowerCase().includes(word)));
}
