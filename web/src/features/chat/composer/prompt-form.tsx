import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Prompt } from '#contract/story-parts.ts';
import { sentenceOf, traceIdOf } from '../../../api/api-error.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Field } from '../../../ui/field.tsx';
import { useFillPrompt } from '../../prompts/use-prompt.ts';

interface PromptFormProps {
  readonly prompt: Prompt;
  readonly onFilled: (text: string) => void;
  readonly onClose: () => void;
}

/** Asks for what a prompt leaves open. The dialog gives the focus to its first field. */
export function PromptForm({ prompt, onFilled, onClose }: PromptFormProps) {
  const { t } = useTranslation('chat');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const fill = useFillPrompt(prompt.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    fill.mutate(values, { onSuccess: ({ text }) => onFilled(text) });
  };
  return (
    <Dialog label={prompt.title} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-6">
        <div className="flex flex-col gap-1">
          <h2 dir="auto" className="font-semibold text-title">
            {prompt.title}
          </h2>
          <p className="text-ink-soft">{t('prompts.fillIn')}</p>
        </div>
        {prompt.variables.map((name) => (
          <Field
            key={name}
            label={name}
            value={values[name] ?? ''}
            onValue={(value) => setValues({ ...values, [name]: value })}
            maxLength={500}
            dir="auto"
            autoComplete="off"
            required
          />
        ))}
        {fill.error && (
          <ErrorNote title={t('prompts.notFilled')} traceId={traceIdOf(fill.error)}>
            {sentenceOf(fill.error)}
          </ErrorNote>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="quiet" onClick={onClose}>
            {t('prompts.cancel')}
          </Button>
          <Button look="lamp" type="submit" disabled={fill.isPending}>
            {t('prompts.fill')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
