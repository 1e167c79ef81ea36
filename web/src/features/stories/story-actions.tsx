import { CircleStop, Link2, Printer, Star, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Story } from '#contract/stories.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useStop } from '../chat/use-send.ts';
import { ShareDialog } from './share-dialog.tsx';
import { useDeleteStory, useFavourite } from './use-stories.ts';

/** What I can do with a story. */
export function StoryActions({ story }: { readonly story: Story }) {
  const { id, runId, status, favourite, shared } = story;
  const navigate = useNavigate();
  const [open, setOpen] = useState<'share' | 'delete'>();
  const keep = useFavourite(id);
  const remove = useDeleteStory(id);
  const stop = useStop('The story was not stopped');
  const close = () => setOpen(undefined);
  if (status === 'writing') {
    return (
      <Button look="quiet" onClick={() => stop.mutate(runId)} disabled={stop.isPending || stop.isSuccess}>
        <CircleStop className="size-4" aria-hidden /> Stop writing
      </Button>
    );
  }
  return (
    <>
      {status === 'ready' && (
        <>
          <IconButton
            label={favourite ? 'No longer a favourite' : 'Keep as a favourite'}
            aria-pressed={favourite}
            disabled={keep.isPending}
            onClick={() => keep.mutate(!favourite)}
          >
            <Star className={`size-4.5 ${favourite ? 'fill-lamp text-lamp-strong' : ''}`} aria-hidden />
          </IconButton>
          <IconButton label={shared ? 'Its link' : 'Share by a link'} onClick={() => setOpen('share')}>
            <Link2 className={`size-4.5 ${shared ? 'text-lamp-strong' : ''}`} aria-hidden />
          </IconButton>
          <IconButton label="Print" onClick={() => window.print()}>
            <Printer className="size-4.5" aria-hidden />
          </IconButton>
        </>
      )}
      <IconButton label="Delete" onClick={() => setOpen('delete')}>
        <Trash2 className="size-4.5" aria-hidden />
      </IconButton>
      {open === 'share' && <ShareDialog story={story} onClose={close} />}
      {open === 'delete' && (
        <ConfirmDialog
          question="Delete story?"
          verb="Delete"
          onClose={close}
          onConfirm={() => {
            close();
            remove.mutate(undefined, { onSuccess: () => void navigate('/stories', { replace: true }) });
          }}
        >
          Its text, picture and voice will be gone for good, and its link opens nothing.
        </ConfirmDialog>
      )}
    </>
  );
}
