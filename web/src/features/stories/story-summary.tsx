import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import type { StorySettings } from '#contract/story-parts.ts';
import type { StoryDraft } from './story-draft.ts';
import { nameOfLanguage } from './story-languages.ts';
import { type Telling, tellingOf } from './telling.ts';
import { type ChosenPrompt, filledIn } from './use-chosen-prompt.ts';
import { useCharacters, useScenes } from './use-stories.ts';

interface StorySummaryProps {
  readonly draft: StoryDraft;
  /** What counts where the draft says nothing; absent until it is known. */
  readonly usual: StorySettings | undefined;
  readonly prompt: ChosenPrompt;
  readonly isFromChat: boolean;
}

/** What will be told, in a few lines, before it is. */
export function StorySummary({ draft, usual, prompt, isFromChat }: StorySummaryProps) {
  const { t } = useTranslation('stories');
  const characters = useCharacters().data ?? [];
  const scenes = useScenes().data ?? [];
  const open = t('summary.open');
  const idea = prompt.chosen ? filledIn(prompt.chosen.text, draft.promptValues) : draft.idea.trim();
  const about = [idea, isFromChat && t('summary.fromChat')].filter(Boolean).join(' · ');
  const who = characters.filter(({ id }) => draft.characterIds.includes(id)).map(({ name }) => name);
  const where = scenes.filter(({ id }) => draft.sceneIds.includes(id)).map(({ place }) => place);
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2 rounded-card bg-sunken px-4 py-3">
      <Row name={t('summary.about')} text={about || open} />
      <Row name={t('summary.with')} text={listed(who) || open} />
      <Row name={t('summary.where')} text={listed(where) || open} />
      {usual && <TellingRows draft={draft} usual={usual} />}
    </dl>
  );
}

function TellingRows({ draft, usual }: { readonly draft: StoryDraft; readonly usual: StorySettings }) {
  const { t } = useTranslation('stories');
  const telling: Telling = { ...tellingOf(usual), ...draft.telling };
  const reader = (draft.readerName ?? usual.readerName).trim() || t('summary.anybody');
  const minutes = draft.minutes ?? usual.minutes;
  const { themes, avoid, style } = telling;
  return (
    <>
      <Row name={t('summary.for')} text={t('summary.withAge', { reader, count: telling.readerAge })} />
      <Row
        name={t('summary.how')}
        text={t('summary.told', { count: minutes, language: nameOfLanguage(telling.language) })}
      />
      {themes.trim() && <Row name={t('summary.themes')} text={themes} />}
      {avoid.trim() && <Row name={t('summary.avoid')} text={avoid} />}
      {style.trim() && <Row name={t('summary.style')} text={style} />}
    </>
  );
}

const Row = ({ name, text }: { readonly name: string; readonly text: string }) => (
  <>
    <dt className="text-ink-soft">{name}</dt>
    <dd className="line-clamp-4 min-w-0">
      <bdi>{text}</bdi>
    </dd>
  </>
);

const listed = (names: readonly string[]): string => new Intl.ListFormat(i18next.language).format(names);
