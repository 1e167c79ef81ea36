import { Switch } from 'radix-ui';
import { useId } from 'react';

interface SwitchFieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isOn: boolean) => void;
}

/** Something that takes effect at once, on or off. */
export function SwitchField({ label, hint, isOn, isDisabled = false, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className="flex min-h-10 items-center justify-between gap-4">
      <div className="flex min-w-0 flex-col">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-ink-soft text-small">
            {hint}
          </p>
        )}
      </div>
      <Switch.Root
        id={id}
        checked={isOn}
        disabled={isDisabled}
        onCheckedChange={onChange}
        aria-describedby={hint && `${id}-hint`}
        className="relative h-6 w-11 shrink-0 rounded-full border border-edge bg-sunken transition-colors duration-120 after:absolute after:-inset-2.5 disabled:opacity-50 data-[state=checked]:border-lamp-strong data-[state=checked]:bg-lamp"
      >
        <Switch.Thumb className="block size-4 translate-x-1 rounded-full bg-ink-soft transition-transform duration-120 data-[state=checked]:translate-x-6 data-[state=checked]:bg-lamp-ink rtl:-translate-x-1 rtl:data-[state=checked]:-translate-x-6" />
      </Switch.Root>
    </div>
  );
}
