import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import type { Prompt } from '#contract/story-parts.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { TextAreaField } from '../../ui/text-area-field.tsx';
import { useLeaveGuard } from '../../ui/use-leave-guard.tsx';
import { type NewPrompt, prompts } from '../library/part-apis.ts';
import { RefusedNote } from '../library/refused-note.tsx';
import { useSavePart } from '../library/use-parts.ts';
import { type Problems, useProblems } from '../library/use-problems.ts';

interface PromptFormProps {
  /** The one that is changed; absent: a new one. */
  readonly prompt: Prompt | undefined;
  readonly onSaved: (prompt: Prompt) => void;
  readonly onCancel: () => void;
}

/** A prompt as it is written or changed. */
export function PromptForm({ prompt, onSaved, onCancel }: PromptFormProps) {
  const { t } = useTranslation(['prompts', 'library']);
  const before: NewPrompt = { title: prompt?.title ?? '', text: prompt?.text ?? '' };
  const [draft, setDraft] = useState(before);
  const { leave, leaveSaved, dialog } = useLeaveGuard(draft.title !== before.title || draft.text !== before.text);
  const save = useSavePart(prompts);
  const { form, problems, check, touch } = useProblems(save.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { title: draft.title.trim(), text: draft.text.trim() };
    const missing: Problems = {
      ...(!body.title && { title: t('form.nameMissing') }),
      ...(!body.text && { text: t('form.textMissing') }),
    };
    if (!check(missing)) return void toast.warning(t('form.emptyWarning'));
    save.mutate(
      { id: prompt?.id, body },
      {
        onSuccess: (saved) => {
          toast.success(t('library:result.saved', { name: saved.title }));
          leaveSaved(() => onSaved(saved));
        },
        onError: () => toast.error(t('library:form.notSaved')),
      },
    );
  };
  return (
    <>
      <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-6">
        <Field
          label={t('form.name')}
          value={draft.title}
          onValue={(title) => {
            setDraft({ ...draft, title });
            touch('title');
          }}
          problem={problems['title']}
          maxLength={100}
          dir="auto"
          autoComplete="off"
          autoFocus={!prompt}
        />
        <TextAreaField
          label={t('form.text')}
          hint={t('form.textHint', { example: `{{${t('form.exampleGap')}}}` })}
          value={draft.text}
          onValue={(text) => {
            setDraft({ ...draft, text });
            touch('text');
          }}
          problem={problems['text']}
          maxLength={4000}
          rows={8}
        />
        <RefusedNote title={t('library:form.notSaved')} error={save.error} />
        <div className="flex flex-wrap gap-2">
          <Button look="lamp" type="submit" disabled={save.isPending}>
            {t('library:form.save')}
          </Button>
          <Button onClick={() => leave(() => leaveSaved(onCancel))}>{t('library:form.cancel')}</Button>
        </div>
      </form>
      {dialog}
    </>
  );
}
