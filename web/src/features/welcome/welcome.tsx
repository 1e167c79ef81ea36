import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { Holder } from '../../api/session.ts';
import { Button, buttonClasses } from '../../ui/button.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { Door, WithOptions } from '../sign-in/door.tsx';
import { Or, ProviderLink } from '../sign-in/provider-link.tsx';
import { SignInForm } from '../sign-in/sign-in-form.tsx';
import type { SignInOptions } from '../sign-in/sign-in-options.ts';
import { GuestForm } from './guest-form.tsx';
import { SessionEnded } from './session-ended.tsx';

/** The way in: a name where guests are admitted, else e-mail and password; after a session that ended, says so first. */
export function Welcome({ ended }: { readonly ended: Holder | undefined }) {
  const [asksGuest, setAsksGuest] = useState(ended !== 'account');
  const navigate = useNavigate();
  const { t } = useTranslation('welcome');
  useTitle();
  // Whoever starts here may own nothing yet, so the address of a conversation could lead nowhere.
  useEffect(() => void navigate('/', { replace: true }), [navigate]);
  return (
    <Door
      title={t(ended ? 'title.again' : 'title.first')}
      intro={t('title.intro')}
      notice={ended && <SessionEnded holder={ended} />}
    >
      <WithOptions>
        {(options) =>
          options.guests && asksGuest ? (
            <div className="flex flex-col gap-6">
              <GuestForm />
              <Or />
              <Accounts options={options} />
            </div>
          ) : (
            <div className="flex flex-col gap-4">
              <SignInForm options={options} />
              {options.guests && (
                <Button look="quiet" className="self-start px-0" onClick={() => setAsksGuest(true)}>
                  {t('account.guest')}
                </Button>
              )}
            </div>
          )
        }
      </WithOptions>
    </Door>
  );
}

function Accounts({ options }: { readonly options: SignInOptions }) {
  const { t } = useTranslation('welcome');
  return (
    <div className="flex flex-col gap-3">
      {options.openId && <ProviderLink name={options.openId.name} />}
      <div className="flex flex-wrap gap-3 *:min-h-12 *:flex-1">
        <Link to="/sign-in" className={buttonClasses('plain')}>
          {t('account.signIn')}
        </Link>
        {options.registration === 'open' && (
          <Link to="/register" className={`${buttonClasses('plain')} whitespace-nowrap`}>
            {t('account.register')}
          </Link>
        )}
      </div>
    </div>
  );
}
