import { BookmarkPlus, LogOut } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useEntry } from '../../api/entry-context.ts';
import { Button, buttonClasses, IconButton } from '../../ui/button.tsx';
import { ThemeChoice } from '../../ui/theme-choice.tsx';
import { useMe } from '../chat/use-me.ts';
import { useSignInOptions } from '../sign-in/sign-in-options.ts';

const KeepDialog = lazy(async () => ({ default: (await import('./keep-dialog.tsx')).KeepDialog }));

/** Who is here, the way to the settings and out of it; for guests, the way to keep what they have. */
export function SidebarFoot({ onOpen }: { readonly onOpen: () => void }) {
  const { session } = useEntry();
  const { t } = useTranslation('account');
  const { data: me } = useMe();
  const [isKeeping, setKeeping] = useState(false);
  const isGuest = me?.role === 'guest';
  const { options } = useSignInOptions();
  return (
    <div className="flex shrink-0 flex-col gap-1 border-line border-t py-2">
      {isGuest && options?.registration === 'open' && (
        <Button className="mx-3 my-1" onClick={() => setKeeping(true)}>
          <BookmarkPlus className="size-4" aria-hidden /> {t('foot.keep')}
        </Button>
      )}
      <div className="flex items-center gap-1 pe-2 ps-2">
        <Link
          to="/settings"
          title={t('foot.account')}
          aria-label={me ? t('foot.accountOf', { name: me.name }) : t('foot.account')}
          onClick={onOpen}
          className={`${buttonClasses('quiet')} min-w-0 flex-1 !justify-start !px-3`}
        >
          <span className="truncate text-ink">{me?.name}</span>
        </Link>
        <ThemeChoice />
        <IconButton label={t(isGuest ? 'foot.endSession' : 'foot.signOut')} onClick={() => void session.leave()}>
          <LogOut className="size-4.5 rtl:-scale-x-100" aria-hidden />
        </IconButton>
      </div>
      <Suspense fallback={null}>
        {me && isKeeping && <KeepDialog name={me.name} onClose={() => setKeeping(false)} />}
      </Suspense>
    </div>
  );
}
