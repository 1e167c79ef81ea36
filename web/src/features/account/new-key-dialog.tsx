import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { keyScopes } from '#contract/accounts.ts';
import { useEntry } from '../../api/entry-context.ts';
import { Button } from '../../ui/button.tsx';
import { Chip, ChipGroup } from '../../ui/chip.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { SubmitError } from '../sign-in/submit-error.tsx';
import { useSubmit } from '../sign-in/use-submit.ts';
import { useForgetApiKeys } from './use-my-account.ts';

type KeyScope = (typeof keyScopes)[number];
/** Checked against the contract by its type, so that its schemas stay out of the page. */
const allScopes: typeof keyScopes = ['chat', 'read', 'admin'];
const lifetimes = [30, 90, 180, 365];

interface NewKeyDialogProps {
  readonly mayAdminister: boolean;
  readonly onClose: () => void;
}

/** Makes a key, and shows it once. */
export function NewKeyDialog({ mayAdminister, onClose }: NewKeyDialogProps) {
  const { t } = useTranslation('account');
  const [key, setKey] = useState<string>();
  const title = t(key === undefined ? 'keys.create' : 'keys.made');
  return (
    // A click beside it or Escape does not take away what is shown once.
    <Dialog label={title} onClose={() => key === undefined && onClose()}>
      <div className="flex flex-col gap-6">
        <h2 className="font-semibold text-title">{title}</h2>
        {key === undefined ? (
          <NewKeyForm mayAdminister={mayAdminister} onMade={setKey} onClose={onClose} />
        ) : (
          <ShownOnce value={key} onClose={onClose} />
        )}
      </div>
    </Dialog>
  );
}

interface NewKeyFormProps extends NewKeyDialogProps {
  readonly onMade: (key: string) => void;
}

function NewKeyForm({ mayAdminister, onMade, onClose }: NewKeyFormProps) {
  const { t } = useTranslation('account');
  const { api } = useEntry();
  const forgetKeys = useForgetApiKeys();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly KeyScope[]>(['chat', 'read']);
  const [days, setDays] = useState('90');
  const { submit, isBusy, error } = useSubmit(async () => {
    const body = { name, scopes: [...scopes], expiresInDays: Number(days) };
    onMade((await api('POST /api/keys', { body })).key);
    forgetKeys();
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void submit(undefined);
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-col gap-6">
      <Field
        label={t('keys.name')}
        placeholder={t('keys.placeholder')}
        value={name}
        onValue={setName}
        required
        maxLength={60}
        autoComplete="off"
        autoFocus
      />
      <ChipGroup label={t('keys.scopes')} hint={scopes.length === 0 ? t('keys.scopesHint') : undefined}>
        {allScopes
          .filter((scope) => scope !== 'admin' || mayAdminister)
          .map((scope) => (
            <Chip
              key={scope}
              isOn={scopes.includes(scope)}
              onChange={(isOn) =>
                setScopes(allScopes.filter((each) => (each === scope ? isOn : scopes.includes(each))))
              }
            >
              {t(`keys.${scope}`)}
            </Chip>
          ))}
      </ChipGroup>
      <SelectField
        label={t('keys.lasts')}
        value={days}
        onValue={setDays}
        options={lifetimes.map((count) => [String(count), t('keys.days', { count })] as const)}
      />
      <SubmitError error={error}>{t('keys.failed')}</SubmitError>
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="quiet" onClick={onClose}>
          {t('keys.cancel')}
        </Button>
        <Button look="lamp" type="submit" disabled={isBusy || !name.trim() || scopes.length === 0}>
          {t('keys.create')}
        </Button>
      </div>
    </form>
  );
}

function ShownOnce({ value, onClose }: { readonly value: string; readonly onClose: () => void }) {
  const { t } = useTranslation('account');
  return (
    <>
      <div className="flex items-center gap-2 rounded-control bg-sunken py-1 ps-3 pe-1">
        <code dir="ltr" className="min-w-0 flex-1 select-all break-all font-mono text-code">
          {value}
        </code>
        <CopyButton label={t('keys.copy')} text={() => value} />
      </div>
      <p role="status">{t('keys.once')}</p>
      <Button look="lamp" className="self-end" onClick={onClose}>
        {t('keys.done')}
      </Button>
    </>
  );
}
