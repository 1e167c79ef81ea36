import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { minPasswordCharacters } from '#contract/accounts.ts';
import { IconButton } from './button.tsx';
import { FieldProblem } from './field-problem.tsx';

/** Checked against the contract by its type, so that its schemas stay out of the page. */
const leastCharacters: typeof minPasswordCharacters = 12;

const box = 'min-h-12 w-full rounded-control border border-edge bg-surface px-4 text-field';

interface FieldProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange'> {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with its value. */
  readonly problem?: string | undefined;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

/** A labelled line of text. */
export function Field({ label, hint, problem, onValue, className = '', ...input }: FieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        {...input}
        // Nothing is written yet: what stands there instead reads as the page does.
        dir={input.dir === 'auto' && input.value === '' ? undefined : input.dir}
        id={id}
        aria-invalid={problem ? true : input['aria-invalid']}
        aria-describedby={[problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined}
        onChange={(event) => onValue(event.target.value)}
        className={`${box} ${className}`}
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

interface PasswordFieldProps extends Pick<FieldProps, 'value' | 'onValue' | 'autoFocus'> {
  readonly label?: string;
  /** One that is being set: its length is checked, and password managers offer to make one. */
  readonly isNew?: boolean;
}

/** A password, which can be shown: whoever sees what they type makes fewer mistakes (NIST SP 800-63B-4, section 3.1.1.2). */
export function PasswordField({ label, isNew = false, value, onValue, autoFocus }: PasswordFieldProps) {
  const id = useId();
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOff : Eye;
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={id} className="font-medium">
        {label ?? t('password.name')}
      </label>
      <div className="relative">
        <input
          id={id}
          type={isShown ? 'text' : 'password'}
          value={value}
          required
          minLength={isNew ? leastCharacters : undefined}
          maxLength={1024}
          autoComplete={isNew ? 'new-password' : 'current-password'}
          autoCapitalize="off"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: asked for where it is the one field of its page
          autoFocus={autoFocus}
          aria-describedby={isNew ? `${id}-hint` : undefined}
          onChange={(event) => onValue(event.target.value)}
          className={`${box} pe-13`}
        />
        <IconButton
          label={t(isShown ? 'password.hide' : 'password.show')}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
          className="absolute top-1 end-1"
        >
          <Icon className="size-4.5" aria-hidden />
        </IconButton>
      </div>
      {isNew && (
        <p id={`${id}-hint`} className="text-ink-soft text-small">
          {t('password.hint', { count: leastCharacters })}
        </p>
      )}
    </div>
  );
}
