import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { buttonClasses } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { prompts } from '../library/part-apis.ts';
import { PartList } from '../library/part-list.tsx';
import { useParts } from '../library/use-parts.ts';
import { PromptRow } from './prompt-row.tsx';

/** My saved prompts, and the library's. */
export function PromptsPage() {
  const { t } = useTranslation('prompts');
  const [search, setSearch] = useState('');
  const parts = useParts(prompts, search.trim() !== '');
  return (
    <Page
      title={t('list.title')}
      intro={t('list.intro')}
      actions={
        <Link to="/prompts/new" className={buttonClasses('plain')}>
          <Plus className="size-4" aria-hidden /> {t('list.new')}
        </Link>
      }
    >
      <PartList
        parts={parts}
        search={search}
        onSearch={setSearch}
        searchLabel={t('list.search')}
        failedTitle={t('list.failed')}
        wordsOf={({ title, text }) => [title, text]}
        empty={
          <EmptyState
            title={t('list.empty')}
            action={
              <Link to="/prompts/new" className={buttonClasses('lamp')}>
                {t('list.first')}
              </Link>
            }
          >
            {t('list.emptyExplained')}
          </EmptyState>
        }
        skeleton="h-28 !rounded-card"
        layout="flex flex-col gap-3"
      >
        {(prompt) => <PromptRow key={prompt.id} prompt={prompt} />}
      </PartList>
    </Page>
  );
}
