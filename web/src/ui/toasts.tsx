import { useLayoutEffect } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { Toaster } from 'sonner';
import { showTopLayer, topLayer } from './top-layer.ts';

/** Where the results of actions show, whichever page or dialog is open. */
export function Toasts() {
  const { t, i18n } = useTranslation('ui');
  useLayoutEffect(showTopLayer, []);
  return createPortal(
    <Toaster
      customAriaLabel={t('toasts.region')}
      position="top-center"
      dir={i18n.dir()}
      offset={16}
      mobileOffset={{ top: 'max(1rem, env(safe-area-inset-top))' }}
      toastOptions={{
        closeButtonAriaLabel: t('toasts.close'),
        classNames: {
          toast:
            '!rounded-card !border !border-line !bg-surface !text-ink !font-sans !text-body !shadow-raised focus-visible:!outline-2 focus-visible:!outline-lamp-strong focus-visible:!outline-offset-2',
          description: '!text-ink-soft',
          actionButton:
            '!h-8 !rounded-control !border !border-edge !border-solid !bg-surface !px-3 !text-ink !text-small',
          closeButton: '!size-6 !border-edge !bg-surface !text-ink',
        },
      }}
    />,
    topLayer,
  );
}
