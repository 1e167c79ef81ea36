import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Character } from '#contract/story-parts.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { CharacterCard } from './character-card.tsx';
import { CharacterForm } from './character-form.tsx';
import { LibraryTabs } from './library-tabs.tsx';
import { characters } from './part-apis.ts';
import { PartList } from './part-list.tsx';
import { useDeletePart, useParts } from './use-parts.ts';

/** Who can be in a story: mine, and the library's. */
export function CharactersPage() {
  const { t } = useTranslation('library');
  const [search, setSearch] = useState('');
  const parts = useParts(characters, search.trim() !== '');
  const [editing, setEditing] = useState<Character | 'new'>();
  const [deleting, setDeleting] = useState<Character>();
  const remove = useDeletePart(characters);
  const add = (
    <Button onClick={() => setEditing('new')}>
      <Plus className="size-4" aria-hidden /> {t('characters.new')}
    </Button>
  );
  return (
    <Page title={t('characters.title')} intro={t('characters.intro')} actions={add}>
      <LibraryTabs />
      <PartList
        parts={parts}
        search={search}
        onSearch={setSearch}
        searchLabel={t('characters.search')}
        failedTitle={t('characters.failed')}
        wordsOf={({ name, who, traits }) => [name, who, ...traits]}
        empty={
          <EmptyState
            title={t('characters.empty')}
            action={
              <Button look="lamp" onClick={() => setEditing('new')}>
                {t('characters.first')}
              </Button>
            }
          >
            {t('characters.emptyExplained')}
          </EmptyState>
        }
        skeleton="h-36 !rounded-card"
        layout="grid gap-4 @xl:grid-cols-2"
      >
        {(character) => (
          <CharacterCard
            key={character.id}
            character={character}
            onEdit={() => setEditing(character)}
            onDelete={() => setDeleting(character)}
          />
        )}
      </PartList>
      {editing && (
        <CharacterForm character={editing === 'new' ? undefined : editing} onDone={() => setEditing(undefined)} />
      )}
      {deleting && (
        <ConfirmDialog
          question={t('characters.deleteQuestion')}
          verb={t('actions.deleteIt')}
          onClose={() => setDeleting(undefined)}
          onConfirm={() => {
            setDeleting(undefined);
            remove.mutate(deleting);
          }}
        >
          {t('actions.deleteExplained', { name: deleting.name })}
        </ConfirmDialog>
      )}
    </Page>
  );
}
