import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Field } from '../../ui/field.tsx';
import { formatMoment } from '../../ui/format.ts';
import { SelectField } from '../../ui/select-field.tsx';
import { AdminPage } from './admin-page.tsx';
import { ListEnd } from './list-end.tsx';
import { LoadError } from './load-error.tsx';
import { RefusedNote } from './refused-note.tsx';
import { type Invitation, useInvitations, useInvite, useWithdraw } from './use-invitations.ts';

/** Who was invited and has not come yet, and how to invite somebody. */
export function InvitationsPage() {
  const { t } = useTranslation('administration');
  const list = useInvitations();
  const withdraw = useWithdraw();
  const [leaving, setLeaving] = useState<Invitation>();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <AdminPage title={t('places.invitations')} intro={t('invitations.intro')}>
      <InvitationForm />
      {list.error && !list.data ? (
        <LoadError title={t('invitations.loadFailed')} error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data && items.length === 0 ? (
        <EmptyState title={t('invitations.none')}>{t('invitations.noneHint')}</EmptyState>
      ) : (
        <DataTable
          caption={t('invitations.list')}
          rows={items}
          keyOf={({ id }) => id}
          awaited={list.data ? 0 : 3}
          columns={[
            {
              key: 'email',
              name: t('invitations.email'),
              cell: ({ email }) => <span className="inline-block min-w-44">{email}</span>,
            },
            { key: 'role', name: t('invitations.role'), cell: ({ role }) => t(`roles.${role}`) },
            {
              key: 'created',
              name: t('invitations.created'),
              isLine: true,
              cell: ({ createdAt }) => formatMoment(createdAt),
            },
            {
              key: 'expires',
              name: t('invitations.expires'),
              isLine: true,
              cell: ({ expiresAt }) => formatMoment(expiresAt),
            },
            {
              key: 'withdraw',
              name: t('invitations.withdraw'),
              isUnnamed: true,
              isNumber: true,
              cell: (invitation) => (
                <Button
                  look="quiet"
                  aria-label={t('invitations.withdrawOf', { email: invitation.email })}
                  onClick={() => setLeaving(invitation)}
                >
                  {t('invitations.withdraw')}
                </Button>
              ),
            },
          ]}
        />
      )}
      <ListEnd list={list} count={items.length} />
      {leaving && (
        <ConfirmDialog
          question={t('invitations.question')}
          verb={t('invitations.withdraw')}
          onConfirm={() => {
            withdraw.mutate(leaving.id);
            setLeaving(undefined);
          }}
          onClose={() => setLeaving(undefined)}
        >
          {t('invitations.explained', { email: leaving.email })}
        </ConfirmDialog>
      )}
    </AdminPage>
  );
}

const given = ['user', 'manager', 'admin'] as const;

function InvitationForm() {
  const { t } = useTranslation('administration');
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<(typeof given)[number]>('user');
  const invite = useInvite();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ email, role }, { onSuccess: () => setEmail('') });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <div className="grid items-end gap-4 @xl:grid-cols-[minmax(0,1fr)_auto_auto]">
        <Field
          type="email"
          label={t('invitations.email')}
          value={email}
          required
          maxLength={254}
          autoComplete="off"
          onValue={setEmail}
        />
        <SelectField
          label={t('invitations.role')}
          value={role}
          onValue={(value) => setRole(given.find((each) => each === value) ?? 'user')}
          options={given.map((each) => [each, t(`roles.${each}`)])}
        />
        <Button type="submit" look="lamp" disabled={invite.isPending} className="min-h-12">
          {t('invitations.invite')}
        </Button>
      </div>
      {invite.error && (
        <RefusedNote title={t('invitations.failed')} kept={t('invitations.failedKept')} error={invite.error} />
      )}
    </form>
  );
}
