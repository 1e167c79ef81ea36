import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Story } from '#contract/stories.ts';
import { sentenceOf, traceIdOf } from '../../api/api-error.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useStoryLink } from './use-stories.ts';

/** An address that opens the story for whoever has it, until it is withdrawn. */
export function ShareDialog({ story, onClose }: { readonly story: Story; readonly onClose: () => void }) {
  const { t } = useTranslation('stories');
  const { share, withdraw } = useStoryLink(story.id);
  const url = share.data?.url;
  return (
    <Dialog label={t('share.title')} onClose={onClose}>
      <div className="flex flex-col gap-6">
        <div className="flex flex-col gap-2">
          <div className="-mt-2 -me-2 flex items-center gap-2">
            <h2 className="flex-1 font-semibold text-title">{t('share.title')}</h2>
            <IconButton label={t('share.close')} onClick={onClose}>
              <X className="size-5" aria-hidden />
            </IconButton>
          </div>
          <p className="text-ink-soft">{t(story.favourite ? 'share.who' : 'share.whoWhile')}</p>
        </div>
        {url && (
          <div className="flex items-center gap-1">
            <input
              readOnly
              aria-label={t('share.link')}
              dir="ltr"
              value={url}
              onFocus={(event) => event.target.select()}
              className="min-h-12 min-w-0 flex-1 rounded-control border border-edge bg-sunken px-4 text-field"
            />
            <CopyButton label={t('share.copy')} text={() => url} />
          </div>
        )}
        {share.error && (
          <ErrorNote title={t('share.noLink')} traceId={traceIdOf(share.error)}>
            {sentenceOf(share.error)}
          </ErrorNote>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          {(story.shared || url) && (
            <Button look="danger" disabled={withdraw.isPending} onClick={() => withdraw.mutate()}>
              {t('share.withdraw')}
            </Button>
          )}
          {!url && (
            <Button look="lamp" disabled={share.isPending} onClick={() => share.mutate()}>
              {t(story.shared ? 'share.show' : 'share.make')}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
