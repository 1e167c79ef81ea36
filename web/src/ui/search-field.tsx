import { Search } from 'lucide-react';
import type { RefObject } from 'react';

interface SearchFieldProps {
  /** What it searches: its accessible name. */
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** To give it the focus. */
  readonly box?: RefObject<HTMLInputElement | null>;
}

/** One line that narrows a list as it is typed. */
export const SearchField = ({ label, placeholder, value, onValue, box }: SearchFieldProps) => (
  <div className="relative">
    <Search
      className="pointer-events-none absolute top-1/2 start-3 size-4 -translate-y-1/2 text-ink-soft"
      aria-hidden
    />
    <input
      ref={box}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={value}
      maxLength={200}
      onChange={(event) => onValue(event.target.value)}
      className="min-h-10 w-full rounded-control border border-edge bg-surface pe-3 ps-9"
    />
  </div>
);
