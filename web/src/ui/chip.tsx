import type { ReactNode } from 'react';

interface ChipProps {
  /** `radio`: one of a group of this name; `checkbox`: each for itself. */
  readonly type?: 'checkbox' | 'radio';
  readonly name?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
  /** More of what it stands for, as a tooltip. */
  readonly title?: string | undefined;
  readonly children: ReactNode;
}

/** Something small that is on or off. It is an input, so the keyboard and screen readers know it. */
export function Chip({ type = 'checkbox', name, isOn, onChange, isDisabled = false, title, children }: ChipProps) {
  return (
    <label
      title={title}
      className="inline-flex min-h-10 cursor-pointer items-center rounded-full border border-edge bg-surface px-4 text-ink text-small transition-colors duration-120 has-checked:border-lamp-strong has-checked:bg-lamp/20 has-checked:font-medium has-checked:inset-ring has-checked:inset-ring-lamp-strong has-disabled:cursor-default has-disabled:opacity-50 has-focus-visible:outline-2 has-focus-visible:outline-lamp-strong has-focus-visible:outline-offset-2 hover:bg-sunken has-checked:hover:bg-lamp/30"
    >
      <input
        type={type}
        name={name}
        checked={isOn}
        disabled={isDisabled}
        onChange={(event) => onChange(event.target.checked)}
        className="sr-only"
      />
      {children}
    </label>
  );
}

interface ChipGroupProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly children: ReactNode;
}

/** Chips that belong together, under one name. */
export function ChipGroup({ label, hint, children }: ChipGroupProps) {
  return (
    <fieldset className="flex min-w-0 flex-col">
      <legend className="mb-2 font-medium">{label}</legend>
      <div className="flex flex-wrap gap-2">{children}</div>
      {hint && <p className="mt-2 text-ink-soft text-small">{hint}</p>}
    </fieldset>
  );
}
