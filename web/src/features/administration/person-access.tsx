import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Panel } from './panel.tsx';
import { type Person, useChangePerson, useDeletePerson, useEndSessions } from './use-people.ts';

interface PersonAccessProps {
  readonly person: Person;
  readonly isMe: boolean;
}

/** Whether a person can sign in, where they are signed in, and their end. Each that takes something away asks first. */
export function PersonAccess({ person: { id, name, disabled }, isMe }: PersonAccessProps) {
  const { t } = useTranslation('administration');
  const navigate = useNavigate();
  const [asked, setAsked] = useState<'disable' | 'sessions' | 'delete'>();
  const change = useChangePerson(id);
  const sessions = useEndSessions(id);
  const remove = useDeletePerson(id);
  const wordsOf = (what: 'disable' | 'enable' | 'sessions' | 'delete') => ({
    done: t(`access.${what}Done`, { name }),
    failed: t(`access.${what}Failed`, { name }),
  });
  const confirm = (what: 'disable' | 'sessions' | 'delete') => {
    setAsked(undefined);
    const words = wordsOf(what);
    if (what === 'disable') change.mutate({ change: { disabled: true }, words });
    if (what === 'sessions') sessions.mutate(words);
    if (what === 'delete') remove.mutate(words, { onSuccess: () => void navigate('/admin/people', { replace: true }) });
  };
  const isBusy = change.isPending || sessions.isPending || remove.isPending;
  return (
    <Panel title={t('access.title')}>
      <p className="text-ink-soft text-small">{t(disabled ? 'access.disabled' : 'access.enabled')}</p>
      <div className="flex flex-wrap gap-2">
        <Button disabled={isBusy} onClick={() => setAsked('sessions')}>
          {t('access.sessions')}
        </Button>
        {disabled && (
          <Button
            disabled={isBusy}
            onClick={() => change.mutate({ change: { disabled: false }, words: wordsOf('enable') })}
          >
            {t('access.enable')}
          </Button>
        )}
        {!disabled && !isMe && (
          <Button look="danger" disabled={isBusy} onClick={() => setAsked('disable')}>
            {t('access.disable')}
          </Button>
        )}
        {!isMe && (
          <Button look="danger" disabled={isBusy} onClick={() => setAsked('delete')}>
            {t('access.delete')}
          </Button>
        )}
      </div>
      {asked && (
        <ConfirmDialog
          question={t(`access.${asked}Question`, { name })}
          verb={t(`access.${asked}`)}
          onConfirm={() => confirm(asked)}
          onClose={() => setAsked(undefined)}
        >
          {t(`access.${asked}Explained`, { name })}
        </ConfirmDialog>
      )}
    </Panel>
  );
}
