import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DoorLink, Elsewhere } from '../sign-in/door.tsx';
import { RegisterForm } from '../sign-in/register-form.tsx';

/** A guest becomes the holder of an account, with everything that the guest has. */
export function KeepDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { t } = useTranslation('account');
  return (
    <Dialog label={t('keep.title')} onClose={onClose}>
      <div className="flex flex-col gap-6">
        <div className="flex flex-col gap-2">
          <div className="-mt-2 -me-2 flex items-center gap-2">
            <h2 className="flex-1 font-semibold text-title">{t('keep.title')}</h2>
            <IconButton label={t('keep.close')} onClick={onClose}>
              <X className="size-5" aria-hidden />
            </IconButton>
          </div>
          <p className="text-ink-soft">{t('keep.explained')}</p>
        </div>
        <RegisterForm name={name} submitText={t('keep.submit')} />
        <Elsewhere>
          <DoorLink to="/sign-in">{t('keep.signIn')}</DoorLink>
        </Elsewhere>
      </div>
    </Dialog>
  );
}
