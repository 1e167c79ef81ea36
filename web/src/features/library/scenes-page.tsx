import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scene } from '#contract/story-parts.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { LibraryTabs } from './library-tabs.tsx';
import { scenes } from './part-apis.ts';
import { PartList } from './part-list.tsx';
import { SceneCard } from './scene-card.tsx';
import { SceneForm } from './scene-form.tsx';
import { useDeletePart, useParts } from './use-parts.ts';

/** Where a story can take place: mine, and the library's. */
export function ScenesPage() {
  const { t } = useTranslation('library');
  const [search, setSearch] = useState('');
  const parts = useParts(scenes, search.trim() !== '');
  const [editing, setEditing] = useState<Scene | 'new'>();
  const [deleting, setDeleting] = useState<Scene>();
  const remove = useDeletePart(scenes);
  const add = (
    <Button onClick={() => setEditing('new')}>
      <Plus className="size-4" aria-hidden /> {t('scenes.new')}
    </Button>
  );
  return (
    <Page title={t('scenes.title')} intro={t('scenes.intro')} actions={add}>
      <LibraryTabs />
      <PartList
        parts={parts}
        search={search}
        onSearch={setSearch}
        searchLabel={t('scenes.search')}
        failedTitle={t('scenes.failed')}
        wordsOf={({ place, mood, events }) => [place, mood, ...events]}
        empty={
          <EmptyState
            title={t('scenes.empty')}
            action={
              <Button look="lamp" onClick={() => setEditing('new')}>
                {t('scenes.first')}
              </Button>
            }
          >
            {t('scenes.emptyExplained')}
          </EmptyState>
        }
        skeleton="h-36 !rounded-card"
        layout="grid gap-4 @xl:grid-cols-2"
      >
        {(scene) => (
          <SceneCard
            key={scene.id}
            scene={scene}
            onEdit={() => setEditing(scene)}
            onDelete={() => setDeleting(scene)}
          />
        )}
      </PartList>
      {editing && <SceneForm scene={editing === 'new' ? undefined : editing} onDone={() => setEditing(undefined)} />}
      {deleting && (
        <ConfirmDialog
          question={t('scenes.deleteQuestion')}
          verb={t('actions.deleteIt')}
          onClose={() => setDeleting(undefined)}
          onConfirm={() => {
            setDeleting(undefined);
            remove.mutate(deleting);
          }}
        >
          {t('actions.deleteExplained', { name: deleting.place })}
        </ConfirmDialog>
      )}
    </Page>
  );
}
