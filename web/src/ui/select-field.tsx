import { ChevronDown } from 'lucide-react';
import { useId } from 'react';

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly options: ReadonlyArray<readonly [value: string, name: string]>;
}

/** A labelled choice of one among many. */
export function SelectField({ label, value, onValue, options }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <div className="relative">
        <select
          id={id}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          className="min-h-12 w-full appearance-none truncate rounded-control border border-edge bg-surface pe-10 ps-4 text-field"
        >
          {options.map(([each, name]) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </select>
        <ChevronDown
          className="pointer-events-none absolute top-1/2 end-3 size-4.5 -translate-y-1/2 text-ink-soft"
          aria-hidden
        />
      </div>
    </div>
  );
}
