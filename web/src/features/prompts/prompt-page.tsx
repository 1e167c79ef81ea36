import { Copy, Pencil, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import type { Prompt } from '#contract/story-parts.ts';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button, buttonClasses } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { prompts } from '../library/part-apis.ts';
import { useCopyPart, useDeletePart, useParts } from '../library/use-parts.ts';
import { PromptForm } from './prompt-form.tsx';
import { PromptText } from './prompt-text.tsx';
import { TryPrompt } from './try-prompt.tsx';

/** One prompt: to read, to try, and where it is mine to change. It is looked for in the list: the API gives none by itself. */
export function PromptPage() {
  const { t } = useTranslation(['prompts', 'library']);
  const { promptId } = useParams();
  const { list, items } = useParts(prompts, true);
  const prompt = items.find(({ id }) => id === promptId);
  if (prompt) return <Found key={prompt.id} prompt={prompt} />;
  if (list.error) {
    return (
      <Page title={t('list.title')}>
        <ErrorNote
          title={t('page.failed')}
          traceId={traceIdOf(list.error)}
          actions={
            <Button onClick={() => void (list.data ? list.fetchNextPage() : list.refetch())}>
              {t('library:list.loadAgain')}
            </Button>
          }
        >
          {sentenceOf(list.error)}
        </ErrorNote>
      </Page>
    );
  }
  if (list.isPending || list.hasNextPage) {
    return (
      <Page title={t('list.title')}>
        <div aria-busy="true" className="flex flex-col gap-8">
          <span className="sr-only">{t('library:list.loading')}</span>
          <Skeleton className="h-24" />
          <Skeleton className="h-48" />
        </div>
      </Page>
    );
  }
  return (
    <Page title={t('list.title')}>
      <EmptyState title={t('page.missing')} action={<AllPrompts>{t('page.all')}</AllPrompts>}>
        {t('page.missingExplained')}
      </EmptyState>
    </Page>
  );
}

const AllPrompts = ({ children }: { readonly children: ReactNode }) => (
  <Link to="/prompts" className={buttonClasses('plain')}>
    {children}
  </Link>
);

function Found({ prompt }: { readonly prompt: Prompt }) {
  const { t } = useTranslation(['prompts', 'library']);
  const [isEditing, setEditing] = useState(false);
  const isMine = prompt.source === 'mine';
  if (isMine && isEditing) {
    return (
      <Page title={t('library:actions.edit', { name: prompt.title })}>
        <PromptForm prompt={prompt} onSaved={() => setEditing(false)} onCancel={() => setEditing(false)} />
      </Page>
    );
  }
  return (
    <Page
      title={prompt.title}
      intro={!isMine && t('library:list.library')}
      actions={isMine ? <Mine prompt={prompt} onEdit={() => setEditing(true)} /> : <Copied prompt={prompt} />}
    >
      <PromptText text={prompt.text} className="rounded-card border border-line bg-sunken p-4" />
      <TryPrompt key={prompt.text} prompt={prompt} />
    </Page>
  );
}

function Mine({ prompt, onEdit }: { readonly prompt: Prompt; readonly onEdit: () => void }) {
  const { t } = useTranslation(['prompts', 'library']);
  const navigate = useNavigate();
  const [isDeleting, setDeleting] = useState(false);
  const remove = useDeletePart(prompts);
  return (
    <>
      <Button onClick={onEdit}>
        <Pencil className="size-4" aria-hidden /> {t('page.edit')}
      </Button>
      <Button disabled={remove.isPending} onClick={() => setDeleting(true)}>
        <Trash2 className="size-4" aria-hidden /> {t('library:actions.deleteIt')}
      </Button>
      {isDeleting && (
        <ConfirmDialog
          question={t('page.deleteQuestion')}
          verb={t('library:actions.deleteIt')}
          onClose={() => setDeleting(false)}
          onConfirm={() => {
            setDeleting(false);
            remove.mutate(prompt, { onSuccess: () => void navigate('/prompts', { replace: true }) });
          }}
        >
          {t('page.deleteExplained', { name: prompt.title })}
        </ConfirmDialog>
      )}
    </>
  );
}

function Copied({ prompt: { title, text } }: { readonly prompt: Prompt }) {
  const { t } = useTranslation('library');
  const navigate = useNavigate();
  const copy = useCopyPart(prompts);
  return (
    <Button
      disabled={copy.isPending}
      onClick={() => copy.mutate({ title, text }, { onSuccess: ({ id }) => void navigate(`/prompts/${id}`) })}
    >
      <Copy className="size-4" aria-hidden /> {t('actions.copy')}
    </Button>
  );
}
