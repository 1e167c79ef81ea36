import { type FormEvent, useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { newId } from '../../api/new-id.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { useConversation } from '../chat/use-conversations.ts';
import { LengthChoice } from './length-choice.tsx';
import { CharacterChoice, SceneChoice } from './part-choices.tsx';
import { StoryRefused } from './story-refused.tsx';
import { settingsOf, type Telling, tellingOf } from './telling.ts';
import { TellingFields } from './telling-fields.tsx';
import { type StoryWish, useCreateStory, useStorySettings } from './use-stories.ts';

type Settings = NonNullable<StoryWish['settings']>;

/** What a story is to be made from. All of it may be left out. */
export function NewStoryPage() {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const conversationId = search.get('conversation') ?? undefined;
  const usual = useStorySettings().data;
  const [idea, setIdea] = useState('');
  const [characterIds, setCharacterIds] = useState<readonly string[]>([]);
  const [sceneIds, setSceneIds] = useState<readonly string[]>([]);
  const [settings, setSettings] = useState<Settings>({});
  const [telling, setTelling] = useState<Partial<Telling>>({});
  const create = useCreateStory();
  const idOf = useIdOfWish();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wish = {
      characterIds: [...characterIds],
      sceneIds: [...sceneIds],
      settings: { ...settings, ...settingsOf(telling) },
      ...(idea.trim() && { idea }),
      ...(conversationId !== undefined && { conversationId }),
    };
    create.mutate(
      { ...wish, clientStoryId: idOf(wish) },
      { onSuccess: ({ id }) => void navigate(`/stories/${id}`, { replace: true }) },
    );
  };
  return (
    <Page title="New story" intro="Choose as much as you like. What you leave open, the writer chooses.">
      <form onSubmit={submit} className="flex flex-col gap-8">
        {conversationId !== undefined && <FromChat conversationId={conversationId} />}
        <Field
          label="What is it about?"
          placeholder="A hedgehog who is afraid of the dark"
          value={idea}
          onValue={setIdea}
          maxLength={2000}
        />
        <CharacterChoice chosen={characterIds} onChosen={setCharacterIds} />
        <SceneChoice chosen={sceneIds} onChosen={setSceneIds} />
        <LengthChoice
          minutes={settings.minutes ?? usual?.minutes}
          onMinutes={(minutes) => setSettings({ ...settings, minutes })}
        />
        <Field
          label="Who is it for?"
          hint="The name stands in the story. Leave it empty for a story for anybody."
          value={settings.readerName ?? usual?.readerName ?? ''}
          onValue={(readerName) => setSettings({ ...settings, readerName })}
          maxLength={60}
          autoComplete="off"
          className="max-w-80"
        />
        {usual && (
          <details>
            <summary className="min-h-10 font-medium leading-10">Age, language and how it is told</summary>
            <div className="flex flex-col gap-8 pt-4">
              <TellingFields
                telling={{ ...tellingOf(usual), ...telling }}
                onChange={(changes) => setTelling({ ...telling, ...changes })}
              />
            </div>
          </details>
        )}
        <StoryRefused error={create.error} />
        <Button look="lamp" type="submit" disabled={create.isPending} className="min-h-12 self-start !px-8 text-[1rem]">
          Write the story
        </Button>
      </form>
    </Page>
  );
}

function FromChat({ conversationId }: { readonly conversationId: string }) {
  const { data } = useConversation(conversationId);
  return (
    <p role="note" className="rounded-card border border-line bg-surface px-4 py-3">
      It takes up what was said last in {data?.title ? `“${data.title}”` : 'your conversation'}.
    </p>
  );
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
