import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { Panel } from './panel.tsx';
import { type Person, useChangePerson } from './use-people.ts';

const given = ['user', 'manager', 'admin'] as const;

interface PersonRoleProps {
  readonly person: Person;
  readonly isMe: boolean;
}

/** What a person may do. Guests get no role, and nobody changes their own. */
export function PersonRole({ person: { id, name, role: before }, isMe }: PersonRoleProps) {
  const { t } = useTranslation('administration');
  const [role, setRole] = useState(before);
  const [isAsking, setAsking] = useState(false);
  const change = useChangePerson(id);
  const isFixed = before === 'guest' || isMe;
  const confirm = () => {
    setAsking(false);
    if (role === 'guest') return;
    const words = { done: t('role.done', { name, role: t(`roles.${role}`) }), failed: t('role.failed') };
    change.mutate({ change: { role }, words });
  };
  return (
    <Panel title={t('role.title')}>
      {isFixed ? (
        <p>{t(`roles.${before}`)}</p>
      ) : (
        <SelectField
          label={t('role.label', { name })}
          value={role}
          onValue={(value) => setRole(given.find((each) => each === value) ?? before)}
          options={given.map((each) => [each, t(`roles.${each}`)])}
        />
      )}
      <p className="text-ink-soft text-small">{isMe ? t('person.yourself') : t(`role.${role}`)}</p>
      {!isFixed && (
        <Button disabled={role === before || change.isPending} onClick={() => setAsking(true)}>
          {t('role.change')}
        </Button>
      )}
      {isAsking && (
        <ConfirmDialog
          question={t('role.question', { name })}
          verb={t('role.change')}
          onConfirm={confirm}
          onClose={() => setAsking(false)}
        >
          {t('role.explained', {
            before: t(`roles.${before}`),
            after: t(`roles.${role}`),
            what: t(`role.${role}`),
          })}
        </ConfirmDialog>
      )}
    </Panel>
  );
}
