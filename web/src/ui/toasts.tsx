import { useTranslation } from 'react-i18next';
import { Toaster } from 'sonner';

/** Where the results of actions show, whichever page is open. */
export function Toasts() {
  const { i18n } = useTranslation();
  return (
    <Toaster
      position="top-center"
      dir={i18n.dir()}
      offset={16}
      mobileOffset={{ top: 'max(1rem, env(safe-area-inset-top))' }}
      toastOptions={{
        classNames: {
          toast:
            '!rounded-card !border !border-line !bg-surface !text-ink !font-sans !text-body !shadow-raised focus-visible:!outline-2 focus-visible:!outline-lamp-strong focus-visible:!outline-offset-2',
          description: '!text-ink-soft',
        },
      }}
    />
  );
}
