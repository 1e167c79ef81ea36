import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { isMac, keysOf, shortcuts } from './shortcuts.ts';

/** Which keys do what. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('chat');
  const mac = isMac(navigator.platform);
  return (
    <Dialog label={t('sidebar.shortcuts')} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <div className="-mt-2 -me-2 flex items-center gap-2">
          <h2 className="flex-1 font-semibold text-title">{t('sidebar.shortcuts')}</h2>
          <IconButton label={t('sidebar.close')} onClick={onClose}>
            <X className="size-5" aria-hidden />
          </IconButton>
        </div>
        <dl className="grid grid-cols-[1fr_auto] gap-x-6">
          {shortcuts.map((shortcut) => (
            <div
              key={shortcut.command}
              className="col-span-2 grid min-h-10 grid-cols-subgrid items-center border-line border-t first:border-t-0"
            >
              <dt>{t(`shortcuts.${shortcut.command}`)}</dt>
              <dd dir="ltr" className="flex justify-end gap-1">
                {keysOf(shortcut, mac).map((key) => (
                  <kbd
                    key={key}
                    className="min-w-7 rounded-control border border-edge bg-sunken px-1.5 py-0.5 text-center font-sans text-small"
                  >
                    {key}
                  </kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <p className="text-ink-soft text-small">{t('shortcuts.composer')}</p>
      </div>
    </Dialog>
  );
}
