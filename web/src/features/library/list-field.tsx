import { Plus, X } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../ui/button.tsx';
import { FieldProblem } from '../../ui/field-problem.tsx';
import type { Problems } from './use-problems.ts';

interface ListFieldProps {
  readonly label: string;
  /** What one of its lines is called, with its number. */
  readonly lineLabel: (number: number) => string;
  readonly hint: string;
  readonly placeholder: string;
  /** Its field in `problems`. */
  readonly path: string;
  readonly problems: Problems;
  readonly lines: readonly string[];
  readonly onLines: (lines: readonly string[]) => void;
  readonly mostLines: number;
  readonly maxLength: number;
}

/** A few lines of text that belong together, each in a box of its own. */
export function ListField(props: ListFieldProps) {
  const { label, lineLabel, hint, placeholder, path, problems, lines, onLines, mostLines, maxLength } = props;
  const { t } = useTranslation('library');
  const id = useId();
  const whole = problems[path];
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium">{label}</legend>
      <p id={`${id}-hint`} className="text-ink-soft text-small">
        {hint}
      </p>
      {lines.map((line, at) => {
        const problem = problems[`${path}.${at}`] ?? (at === 0 ? whole : undefined);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place alone
          <div key={at} className="flex flex-col gap-1">
            <div className="flex items-center gap-1">
              <input
                value={line}
                dir="auto"
                maxLength={maxLength}
                aria-label={lineLabel(at + 1)}
                aria-invalid={problem ? true : undefined}
                aria-describedby={problem ? `${id}-${at} ${id}-hint` : `${id}-hint`}
                placeholder={at === 0 ? placeholder : undefined}
                onChange={(event) => onLines(lines.with(at, event.target.value))}
                className="min-h-10 w-full min-w-0 rounded-control border border-edge bg-surface px-4 text-field"
              />
              {lines.length > 1 && (
                <IconButton
                  label={t('form.removeLine', { number: at + 1 })}
                  onClick={() => onLines(lines.toSpliced(at, 1))}
                >
                  <X className="size-4" aria-hidden />
                </IconButton>
              )}
            </div>
            <FieldProblem id={`${id}-${at}`} problem={problem} />
          </div>
        );
      })}
      {lines.length < mostLines && (
        <Button look="quiet" className="self-start" onClick={() => onLines([...lines, ''])}>
          <Plus className="size-4" aria-hidden /> {t('form.addLine')}
        </Button>
      )}
    </fieldset>
  );
}

/** What was written in the lines, as the API takes it. */
export const written = (lines: readonly string[]): string[] => lines.map((line) => line.trim()).filter(Boolean);
