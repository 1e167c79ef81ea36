import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MyUsage } from '#contract/usage.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatMoment, formatNumber, formatTime } from '../../ui/format.ts';
import { Meter } from '../../ui/meter.tsx';
import { Section } from '../../ui/section.tsx';
import { DeleteAccount } from './delete-account.tsx';
import { Loaded } from './loaded.tsx';
import { useAccountActions } from './use-account-actions.ts';
import { type Me, useMyUsage } from './use-my-account.ts';

/** What was used today, what is kept of me, and the end of it. */
export function DataPart({ me }: { readonly me: Me }) {
  const { t } = useTranslation('account');
  const { download, isBusy } = useAccountActions();
  const [isDeleting, setDeleting] = useState(false);
  return (
    <div className="flex flex-col gap-10">
      <Section title={t('data.usage')}>
        <Loaded query={useMyUsage()} className="h-30.5">
          {(usage) => <Usage usage={usage} />}
        </Loaded>
      </Section>
      <Section title={t('data.export')} intro={t('data.exportExplained')}>
        <Button className="self-start" disabled={isBusy} onClick={() => void download()}>
          {t('data.download')}
        </Button>
      </Section>
      <Section title={t('delete.title')} intro={t('delete.explained')}>
        <Button look="danger" className="self-start" onClick={() => setDeleting(true)}>
          {t('delete.submit')}
        </Button>
      </Section>
      {isDeleting && (
        <Dialog label={t('delete.question')} onClose={() => setDeleting(false)}>
          <div className="flex flex-col gap-6">
            <h2 className="font-semibold text-title">{t('delete.question')}</h2>
            <DeleteAccount me={me} onBack={() => setDeleting(false)} />
          </div>
        </Dialog>
      )}
    </div>
  );
}

function Usage({ usage: { tokens, messages } }: { readonly usage: MyUsage }) {
  const { t } = useTranslation('account');
  const sent = messages.limit - messages.left;
  return (
    <div className="flex flex-col gap-6">
      <div>
        <Meter
          label={t('data.tokens')}
          value={tokens.used}
          max={tokens.budget}
          words={t('data.tokensUsed', { used: formatNumber(tokens.used), budget: formatNumber(tokens.budget) })}
        />
        <p className="text-ink-soft text-small">
          {t('data.resets', { left: formatNumber(tokens.left), at: formatMoment(tokens.resetsAt, tokens.timeZone) })}{' '}
          {tokens.reserved > 0 && t('data.reserved', { reserved: formatNumber(tokens.reserved) })}
        </p>
      </div>
      <div>
        <Meter
          label={t('data.messages')}
          value={sent}
          max={messages.limit}
          words={t('data.messagesUsed', { left: formatNumber(messages.left), limit: formatNumber(messages.limit) })}
        />
        {sent > 0 && (
          <p className="text-ink-soft text-small">{t('data.messagesAgain', { at: formatTime(messages.resetsAt) })}</p>
        )}
      </div>
    </div>
  );
}
