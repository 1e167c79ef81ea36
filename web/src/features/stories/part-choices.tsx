import { useTranslation } from 'react-i18next';
import { sentenceOf } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { PartChoice } from './part-choice.tsx';
import { useCharacters, useScenes } from './use-stories.ts';

interface ChoiceProps {
  readonly chosen: readonly string[];
  readonly onChosen: (ids: readonly string[]) => void;
}

const mostCharacters = 5;
const mostScenes = 3;

/** Who is in a story: mine first, then those of the library. */
export function CharacterChoice(props: ChoiceProps) {
  const { t } = useTranslation('stories');
  const { data, error, refetch } = useCharacters();
  return (
    <PartChoice
      {...props}
      label={t('parts.who')}
      most={mostCharacters}
      isPictured
      parts={data?.map(({ id, name, who, pictureUrl, source }) => ({
        id,
        name,
        more: who,
        pictureUrl,
        isMine: source === 'mine',
      }))}
      trouble={error && !data && <Trouble error={error} onRetry={() => void refetch()} />}
    />
  );
}

/** Where a story takes place. */
export function SceneChoice(props: ChoiceProps) {
  const { t } = useTranslation('stories');
  const { data, error, refetch } = useScenes();
  return (
    <PartChoice
      {...props}
      label={t('parts.where')}
      most={mostScenes}
      parts={data?.map(({ id, place, mood, source }) => ({ id, name: place, more: mood, isMine: source === 'mine' }))}
      trouble={error && !data && <Trouble error={error} onRetry={() => void refetch()} />}
    />
  );
}

function Trouble({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const { t } = useTranslation('stories');
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 text-ink-soft text-small">
      {sentenceOf(error)} <Button onClick={onRetry}>{t('parts.loadAgain')}</Button>
    </div>
  );
}
