import { type RefObject, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Prompt } from '#contract/story-parts.ts';
import { sentenceOf, traceIdOf } from '../../../api/api-error.ts';
import { Button } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { PromptForm } from './prompt-form.tsx';
import { useListboxKeys } from './use-listbox-keys.ts';
import { matchingPrompts, usePrompts } from './use-prompts.ts';

interface PromptMenuProps {
  /** What stands behind the `/`. */
  readonly filter: string;
  readonly onText: (text: string) => void;
  readonly onClose: () => void;
  readonly box: RefObject<HTMLTextAreaElement | null>;
}

/** The saved prompts above the box, to choose one by its keys or by hand; what a prompt lacks is asked for. */
export function PromptMenu({ filter, onText, onClose, box }: PromptMenuProps) {
  const { t } = useTranslation('chat');
  const prompts = usePrompts();
  const listId = useId();
  const [asking, setAsking] = useState<Prompt>();
  const [moved, setMoved] = useState({ filter, index: 0 });
  const found = matchingPrompts(prompts.data ?? [], filter);
  const index = moved.filter === filter ? Math.min(moved.index, found.length - 1) : 0;
  const active = found[index];
  const optionId = (prompt: Prompt) => `${listId}-${prompt.id}`;
  const choose = (prompt: Prompt) => {
    if (prompt.variables.length > 0) setAsking(prompt);
    else onText(prompt.text);
  };
  useListboxKeys({
    box,
    listId,
    optionId: active && optionId(active),
    onMove: (by) => setMoved({ filter, index: (index + by + found.length) % found.length }),
    onChoose: active && (() => choose(active)),
    onClose,
  });
  const activeId = active && optionId(active);
  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: 'nearest' });
  }, [activeId]);
  if (asking) {
    return (
      <PromptForm
        prompt={asking}
        onFilled={(text) => {
          onText(text);
          box.current?.focus();
        }}
        onClose={() => setAsking(undefined)}
      />
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is pressed in it stands in it, and leaves the focus in the box
    <div
      data-prompt-menu
      onMouseDown={(event) => event.preventDefault()}
      onBlur={({ currentTarget, relatedTarget }) => {
        const isNear = relatedTarget === box.current || currentTarget.contains(relatedTarget);
        if (relatedTarget && !isNear) onClose();
      }}
      className="absolute inset-x-0 bottom-full z-10 mb-2 animate-[fade_120ms] overflow-hidden rounded-card border border-line bg-surface shadow-raised"
    >
      {prompts.isPending && <PromptSkeletons />}
      {prompts.error && !prompts.data && (
        <ErrorNote
          title={t('prompts.notLoaded')}
          traceId={traceIdOf(prompts.error)}
          actions={<Button onClick={() => void prompts.refetch()}>{t('prompts.loadThem')}</Button>}
        >
          {sentenceOf(prompts.error)}
        </ErrorNote>
      )}
      <div id={listId} role="listbox" aria-label={t('prompts.name')} className="max-h-72 overflow-y-auto">
        {found.map((prompt) => (
          <Option
            key={prompt.id}
            id={optionId(prompt)}
            prompt={prompt}
            isActive={prompt === active}
            onChoose={() => choose(prompt)}
          />
        ))}
      </div>
      {prompts.data && found.length === 0 && (
        <p className="px-4 py-3 text-ink-soft text-small">
          {t(prompts.data.length ? 'prompts.noMatch' : 'prompts.empty')}
        </p>
      )}
      <p role="status" className="sr-only">
        {prompts.data && t('prompts.found', { count: found.length })}
      </p>
    </div>
  );
}

interface OptionProps {
  readonly id: string;
  readonly prompt: Prompt;
  readonly isActive: boolean;
  readonly onChoose: () => void;
}

function Option({ id, prompt, isActive, onChoose }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the box's, which keeps the focus
    // biome-ignore lint/a11y/useFocusableInteractive: it is the box that has the focus, and names this one as active
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      onClick={onChoose}
      className="flex min-h-12 cursor-pointer flex-col items-start justify-center px-4 py-1.5 hover:bg-sunken aria-selected:bg-sunken aria-selected:inset-ring aria-selected:inset-ring-lamp-strong"
    >
      <span dir="auto" className="max-w-full truncate font-medium">
        {prompt.title}
      </span>
      <span dir="auto" className="max-w-full truncate text-ink-soft text-small">
        {prompt.text}
      </span>
    </div>
  );
}

function PromptSkeletons() {
  return (
    <div data-skeletons className="flex flex-col">
      {['w-1/3', 'w-2/5', 'w-1/4'].map((width) => (
        <div key={width} className="flex min-h-12 flex-col justify-center gap-1.5 px-4">
          <Skeleton className={`h-4 ${width}`} />
          <Skeleton className="h-3 w-3/4" />
        </div>
      ))}
    </div>
  );
}
