import { X } from 'lucide-react';
import type { FormEvent, ReactNode, RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useLeaveGuard } from '../../ui/use-leave-guard.tsx';

interface FormDialogProps {
  readonly title: string;
  readonly form: RefObject<HTMLFormElement | null>;
  /** Something was changed and is not saved. */
  readonly isDirty: boolean;
  readonly isPending: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A form over the page; asks before it is closed on what was not saved. */
export function FormDialog({ title, form, isDirty, isPending, onSubmit, onClose, children }: FormDialogProps) {
  const { t } = useTranslation('library');
  const { leave, dialog } = useLeaveGuard(isDirty);
  const close = () => leave(onClose);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) onSubmit();
  };
  return (
    <>
      <Dialog label={title} onClose={close}>
        <form ref={form} noValidate onSubmit={submit} className="flex flex-col gap-6">
          <div className="-mt-2 -me-2 flex items-center gap-2">
            <h2 className="flex-1 font-semibold text-title">{title}</h2>
            <IconButton label={t('form.close')} onClick={close}>
              <X className="size-5" aria-hidden />
            </IconButton>
          </div>
          {children}
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={close}>{t('form.cancel')}</Button>
            <Button look="lamp" type="submit" disabled={isPending}>
              {t('form.save')}
            </Button>
          </div>
        </form>
      </Dialog>
      {dialog}
    </>
  );
}
