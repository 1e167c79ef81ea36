import { X } from 'lucide-react';
import type { Story } from '#contract/stories.ts';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useStoryLink } from './use-stories.ts';

/** An address that opens the story for whoever has it, until it is withdrawn. */
export function ShareDialog({ story, onClose }: { readonly story: Story; readonly onClose: () => void }) {
  const { share, withdraw } = useStoryLink(story.id);
  const url = share.data?.url;
  return (
    <Dialog label="Share this story" onClose={onClose}>
      <div className="flex flex-col gap-6">
        <div className="flex flex-col gap-2">
          <div className="-mt-2 -mr-2 flex items-center gap-2">
            <h2 className="flex-1 font-semibold text-title">Share this story</h2>
            <IconButton label="Close" onClick={onClose}>
              <X className="size-5" aria-hidden />
            </IconButton>
          </div>
          <p className="text-ink-soft">
            Whoever has its link can read and hear it without signing in
            {story.favourite ? '' : ', as long as it is here'}.
          </p>
        </div>
        {url && (
          <div className="flex items-center gap-1">
            <input
              readOnly
              aria-label="Link"
              value={url}
              onFocus={(event) => event.target.select()}
              className="min-h-12 min-w-0 flex-1 rounded-control border border-edge bg-sunken px-4 text-[1rem]"
            />
            <CopyButton what="link" text={() => url} />
          </div>
        )}
        {share.error && (
          <ErrorNote title="There is no link" traceId={traceIdOf(share.error)}>
            {sentenceOf(share.error)}
          </ErrorNote>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          {(story.shared || url) && (
            <Button look="danger" disabled={withdraw.isPending} onClick={() => withdraw.mutate()}>
              Withdraw link
            </Button>
          )}
          {!url && (
            <Button look="lamp" disabled={share.isPending} onClick={() => share.mutate()}>
              {story.shared ? 'Show link' : 'Make a link'}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
