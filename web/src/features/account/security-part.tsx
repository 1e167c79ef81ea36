import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { KeyList } from './key-list.tsx';
import { PasswordChange } from './password-change.tsx';
import { SessionList } from './session-list.tsx';
import { type Me, useApiKeys, useSessions } from './use-my-account.ts';

/** What lets people and programs in as me. A guest has sessions alone. */
export function SecurityPart({ me }: { readonly me: Me }) {
  const isGuest = me.role === 'guest';
  // Asked for together and shown together: nobody knows how long either list is.
  const sessions = useSessions();
  const apiKeys = useApiKeys({ enabled: !isGuest });
  // Once they came, or failed, each is asked for again in its own place.
  const isAwaited = !sessions.isFetched || (!isGuest && !apiKeys.isFetched);
  return (
    <div className="flex flex-col gap-10">
      {!isGuest && <Password me={me} />}
      {isAwaited ? (
        <Skeleton className="h-96" />
      ) : (
        <>
          <SessionList isGuest={isGuest} />
          {!isGuest && <KeyList mayAdminister={me.role === 'manager' || me.role === 'admin'} />}
        </>
      )}
    </div>
  );
}

function Password({ me }: { readonly me: Me }) {
  const { t } = useTranslation('account');
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  if (!me.hasPassword) return <Section title={t('password.title')} intro={t('password.elsewhere')} />;
  return (
    <Section title={t('password.title')} intro={t('password.explained')}>
      {isOpen ? (
        <PasswordChange email={me.email} onDone={close} onBack={close} />
      ) : (
        <Button className="self-start" onClick={() => setOpen(true)}>
          {t('password.change')}
        </Button>
      )}
    </Section>
  );
}
