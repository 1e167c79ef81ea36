import { type ComponentProps, useId } from 'react';
import { FieldProblem } from './field-problem.tsx';

interface TextAreaFieldProps extends Omit<ComponentProps<'textarea'>, 'value' | 'onChange' | 'dir'> {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with its value. */
  readonly problem?: string | undefined;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** A labelled text of several lines, as high as it is long; it reads from the side on which its first letter does. */
export function TextAreaField({ label, hint, problem, onValue, ...area }: TextAreaFieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <textarea
        rows={4}
        {...area}
        // Nothing is written yet: what stands there instead reads as the page does.
        dir={area.value === '' ? undefined : 'auto'}
        id={id}
        aria-invalid={problem ? true : undefined}
        aria-describedby={[problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined}
        onChange={(event) => onValue(event.target.value)}
        className="field-sizing-content max-h-96 min-h-24 w-full resize-y rounded-control border border-edge bg-surface px-4 py-3 text-field"
      />
      <FieldProblem id={`${id}-problem`} problem={problem} />
      {hint && (
        <p id={`${id}-hint`} className="text-ink-soft text-small">
          {hint}
        </p>
      )}
    </div>
  );
}
