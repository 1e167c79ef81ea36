import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Prompt } from '#contract/story-parts.ts';
import { sentenceOf } from '../../api/api-error.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useConversation } from '../chat/sidebar/use-conversations.ts';
import type { StoryDraft } from './story-draft.ts';
import type { ChosenPrompt } from './use-chosen-prompt.ts';

interface IdeaFieldsProps {
  readonly draft: StoryDraft;
  readonly onChange: (changes: Partial<StoryDraft>) => void;
  readonly prompt: ChosenPrompt;
  readonly onPrompt: (id: string | undefined) => void;
}

/** What a story is about: a line, or a saved prompt with what is to be filled in. */
export function IdeaFields({ draft, onChange, prompt, onPrompt }: IdeaFieldsProps) {
  const { t } = useTranslation('stories');
  const { chosen, all, isGone, isAwaited, error, retry } = prompt;
  return (
    <>
      {chosen ? (
        <PromptFields prompt={chosen} draft={draft} onChange={onChange} />
      ) : (
        <Field
          label={t('new.idea')}
          placeholder={t('new.ideaExample')}
          value={draft.idea}
          onValue={(idea) => onChange({ idea })}
          maxLength={2000}
          dir="auto"
        />
      )}
      {isGone && (
        <p role="note" className="text-small text-warn">
          {t('prompt.gone')}
        </p>
      )}
      {!all && !error && <Skeleton className="h-19.5" />}
      {all && all.length > 0 && (
        <SelectField
          label={t('prompt.name')}
          value={chosen?.id ?? ''}
          onValue={(id) => onPrompt(id || undefined)}
          options={[['', t('prompt.none')], ...all.map(({ id, title }) => [id, title] as const)]}
        />
      )}
      {error && !all && (
        <div role="alert" className="flex flex-wrap items-center gap-3 text-ink-soft text-small">
          {t('prompt.notLoaded')} {sentenceOf(error)} <Button onClick={retry}>{t('parts.loadAgain')}</Button>
          {isAwaited && <Button onClick={() => onPrompt(undefined)}>{t('prompt.without')}</Button>}
        </div>
      )}
    </>
  );
}

interface PromptFieldsProps extends Pick<IdeaFieldsProps, 'draft' | 'onChange'> {
  readonly prompt: Prompt;
}

/** The text of a saved prompt, and a field for each of its variables. */
const PromptFields = ({ prompt: { text, variables }, draft: { promptValues }, onChange }: PromptFieldsProps) => (
  <>
    <p dir="auto" className="whitespace-pre-line rounded-card bg-sunken px-4 py-3 text-ink-soft">
      {text}
    </p>
    <div className="grid gap-4 sm:grid-cols-2">
      {variables.map((name) => (
        <Field
          key={name}
          label={name}
          value={promptValues[name] ?? ''}
          onValue={(value) => onChange({ promptValues: { ...promptValues, [name]: value } })}
          required
          maxLength={500}
          dir="auto"
        />
      ))}
    </div>
  </>
);

interface FromChatProps {
  readonly conversationId: string;
  readonly onRemove: () => void;
}

/** Says which conversation a story takes up, and does without it. */
export function FromChat({ conversationId, onRemove }: FromChatProps) {
  const { t } = useTranslation('stories');
  const { data } = useConversation(conversationId);
  return (
    <div className="flex items-center gap-2 rounded-card border border-line bg-surface py-1 ps-4 pe-1">
      <p role="note" className="min-w-0 flex-1 py-2">
        {data?.title ? t('new.fromChat', { title: data.title }) : t('new.fromSomeChat')}
      </p>
      <IconButton label={t('new.withoutChat')} onClick={onRemove}>
        <X className="size-4.5" aria-hidden />
      </IconButton>
    </div>
  );
}
