import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { z } from 'zod';
import type { apiKey } from '#contract/accounts.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatDay } from '../../ui/format.ts';
import { Section } from '../../ui/section.tsx';
import { Loaded } from './loaded.tsx';
import { NewKeyDialog } from './new-key-dialog.tsx';
import { useApiKeys, useEndApiKey } from './use-my-account.ts';

type ApiKey = z.infer<typeof apiKey>;

/** Keys of programs that act as me. */
export function KeyList({ mayAdminister }: { readonly mayAdminister: boolean }) {
  const { t } = useTranslation('account');
  const keys = useApiKeys();
  const [isMaking, setMaking] = useState(false);
  const create = <Button onClick={() => setMaking(true)}>{t('keys.create')}</Button>;
  return (
    <Section
      title={t('keys.title')}
      {...(keys.data?.items.length ? { intro: t('keys.explained'), actions: create } : {})}
    >
      <Loaded query={keys}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={t('keys.none')} action={create}>
              {t('keys.explained')}
            </EmptyState>
          ) : (
            <ul className="flex flex-col divide-y divide-line rounded-card border border-line bg-surface">
              {items.map((each) => (
                <Row key={each.id} apiKey={each} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isMaking && <NewKeyDialog mayAdminister={mayAdminister} onClose={() => setMaking(false)} />}
    </Section>
  );
}

function Row({ apiKey: { id, name, prefix, scopes, lastUsedAt, expiresAt } }: { readonly apiKey: ApiKey }) {
  const { t } = useTranslation('account');
  const [isAsking, setAsking] = useState(false);
  const end = useEndApiKey();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <KeyRound className="size-4.5 shrink-0 text-ink-soft" aria-hidden />
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <bdi>{name}</bdi>
          {scopes.map((scope) => (
            <span key={scope} className="rounded-full border border-line px-2 text-ink-soft text-small">
              {t(`keys.${scope}`)}
            </span>
          ))}
        </p>
        <p className="text-ink-soft text-small">
          {[
            t('keys.begins', { prefix }),
            lastUsedAt ? t('keys.used', { used: formatDay(lastUsedAt) }) : t('keys.unused'),
            t('keys.ends', { ends: formatDay(expiresAt) }),
          ].join(' · ')}
        </p>
      </div>
      <Button aria-label={t('keys.endOne', { name })} disabled={end.isPending} onClick={() => setAsking(true)}>
        {t('keys.end')}
      </Button>
      {isAsking && (
        <ConfirmDialog
          question={t('keys.endQuestion', { name })}
          verb={t('keys.end')}
          onConfirm={() => {
            setAsking(false);
            end.mutate({ id, name });
          }}
          onClose={() => setAsking(false)}
        >
          {t('keys.endExplained')}
        </ConfirmDialog>
      )}
    </li>
  );
}
