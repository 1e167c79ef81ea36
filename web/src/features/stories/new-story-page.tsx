import { type FormEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { newId } from '../../api/new-id.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { FromChat, IdeaFields } from './idea-fields.tsx';
import { LengthChoice } from './length-choice.tsx';
import { CharacterChoice, SceneChoice } from './part-choices.tsx';
import { wishOf } from './story-draft.ts';
import { StoryRefused } from './story-refused.tsx';
import { StoryStep } from './story-step.tsx';
import { StorySummary } from './story-summary.tsx';
import { tellingOf } from './telling.ts';
import { TellingFields } from './telling-fields.tsx';
import { useChosenPrompt } from './use-chosen-prompt.ts';
import { type StoryWish, useCreateStory, useStorySettings } from './use-stories.ts';
import { useStoryDraft } from './use-story-draft.ts';

/** What a story is to be made from, step by step. All of it may be left out. */
export function NewStoryPage() {
  const { t } = useTranslation('stories');
  const navigate = useNavigate();
  const { conversationId, promptId, setSource } = useSource();
  const prompt = useChosenPrompt(promptId);
  const usual = useStorySettings().data;
  const { draft, wasKept, change, clear } = useStoryDraft();
  const create = useCreateStory();
  const idOf = useIdOfWish();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wish = wishOf(draft, { promptId: prompt.chosen?.id, conversationId });
    create.mutate(
      { ...wish, clientStoryId: idOf(wish) },
      {
        onSuccess: ({ id }) => {
          clear();
          void navigate(`/stories/${id}`, { replace: true });
        },
      },
    );
  };
  return (
    <Page title={t('new.title')} intro={t('new.intro')}>
      <form onSubmit={submit} className="flex flex-col gap-8">
        {wasKept && (
          <div className="-mb-4 flex flex-wrap items-center gap-x-4 gap-y-2 text-ink-soft text-small">
            <p role="note">{t('new.draftKept')}</p>
            <Button onClick={clear}>{t('new.startOver')}</Button>
          </div>
        )}
        <StoryStep number={1} title={t('new.ideaStep')}>
          {conversationId !== undefined && (
            <FromChat conversationId={conversationId} onRemove={() => setSource('conversation', undefined)} />
          )}
          <IdeaFields {...{ draft, prompt }} onChange={change} onPrompt={(id) => setSource('prompt', id)} />
        </StoryStep>
        <StoryStep number={2} title={t('new.partsStep')}>
          <CharacterChoice chosen={draft.characterIds} onChosen={(characterIds) => change({ characterIds })} />
          <SceneChoice chosen={draft.sceneIds} onChosen={(sceneIds) => change({ sceneIds })} />
        </StoryStep>
        <StoryStep number={3} title={t('new.tellingStep')}>
          <LengthChoice minutes={draft.minutes ?? usual?.minutes} onMinutes={(minutes) => change({ minutes })} />
          <Field
            label={t('new.reader')}
            hint={t('new.readerHint')}
            value={draft.readerName ?? usual?.readerName ?? ''}
            onValue={(readerName) => change({ readerName })}
            maxLength={60}
            autoComplete="off"
            dir="auto"
            className="sm:max-w-80"
          />
          {usual && (
            <details>
              <summary className="min-h-10 font-medium leading-10">{t('new.more')}</summary>
              <div className="flex flex-col gap-8 pt-4">
                <TellingFields
                  telling={{ ...tellingOf(usual), ...draft.telling }}
                  onChange={(changes) => change({ telling: { ...draft.telling, ...changes } })}
                />
              </div>
            </details>
          )}
        </StoryStep>
        <StoryStep number={4} title={t('new.summaryStep')}>
          <StorySummary {...{ draft, usual, prompt }} isFromChat={conversationId !== undefined} />
          <StoryRefused error={create.error} />
          <Button
            look="lamp"
            type="submit"
            disabled={create.isPending || prompt.isAwaited}
            className="!px-8 min-h-12 self-start text-field"
          >
            {t('new.write')}
          </Button>
        </StoryStep>
      </form>
    </Page>
  );
}

/** Where the story comes from, as the address has it: so it outlives a reload, and links lead here. */
function useSource() {
  const [search, setSearch] = useSearchParams();
  return {
    conversationId: search.get('conversation') ?? undefined,
    promptId: search.get('prompt') ?? undefined,
    setSource: (name: 'conversation' | 'prompt', id: string | undefined) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          if (id === undefined) next.delete(name);
          else next.set(name, id);
          return next;
        },
        { replace: true },
      ),
  };
}

/** The ID of a wish: the same wish, sent again after it may have been lost, is the same story. */
function useIdOfWish(): (wish: StoryWish) => string {
  const last = useRef<{ readonly wish: string; readonly id: string }>(undefined);
  return (wish) => {
    const text = JSON.stringify(wish);
    if (last.current?.wish !== text) last.current = { wish: text, id: newId() };
    return last.current.id;
  };
}
