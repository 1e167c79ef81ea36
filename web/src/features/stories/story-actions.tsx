import { CircleStop, Link2, Printer, Star, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Story } from '#contract/stories.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useStop } from '../chat/use-send.ts';
import { ShareDialog } from './share-dialog.tsx';
import { useDeleteStory, useFavourite } from './use-stories.ts';

/** What I can do with a story. */
export function StoryActions({ story }: { readonly story: Story }) {
  const { t } = useTranslation('stories');
  const { id, runId, status, favourite, shared } = story;
  const navigate = useNavigate();
  const [open, setOpen] = useState<'share' | 'delete'>();
  const keep = useFavourite(id);
  const remove = useDeleteStory(id);
  const stop = useStop(t('actions.notStopped'));
  const close = () => setOpen(undefined);
  if (status === 'writing') {
    return (
      <Button look="quiet" onClick={() => stop.mutate(runId)} disabled={stop.isPending || stop.isSuccess}>
        <CircleStop className="size-4" aria-hidden /> {t('actions.stop')}
      </Button>
    );
  }
  return (
    <>
      {status === 'ready' && (
        <>
          <IconButton
            label={t(favourite ? 'actions.unkeep' : 'actions.keep')}
            disabled={keep.isPending}
            onClick={() => keep.mutate(!favourite)}
          >
            <Star className={`size-4.5 ${favourite ? 'fill-lamp text-lamp-strong' : ''}`} aria-hidden />
          </IconButton>
          <IconButton label={t(shared ? 'actions.shared' : 'actions.share')} onClick={() => setOpen('share')}>
            <Link2 className={`size-4.5 ${shared ? 'text-lamp-strong' : ''}`} aria-hidden />
          </IconButton>
          <IconButton label={t('actions.print')} onClick={() => window.print()}>
            <Printer className="size-4.5" aria-hidden />
          </IconButton>
        </>
      )}
      <IconButton label={t('actions.delete')} onClick={() => setOpen('delete')}>
        <Trash2 className="size-4.5" aria-hidden />
      </IconButton>
      {open === 'share' && <ShareDialog story={story} onClose={close} />}
      {open === 'delete' && (
        <ConfirmDialog
          question={t('actions.deleteQuestion')}
          verb={t('actions.delete')}
          onClose={close}
          onConfirm={() => {
            close();
            remove.mutate(undefined, { onSuccess: () => void navigate('/stories', { replace: true }) });
          }}
        >
          {t('actions.deleteWhat')}
        </ConfirmDialog>
      )}
    </>
  );
}
