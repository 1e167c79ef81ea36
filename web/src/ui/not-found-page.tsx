import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { buttonClasses } from './button.tsx';
import { FullPage } from './full-page.tsx';
import { Lamp } from './lamp.tsx';
import { useTitle } from './use-title.ts';

export function NotFoundPage() {
  const { t } = useTranslation();
  useTitle(t('notFound.name'));
  return (
    <FullPage>
      <NotFoundNote />
    </FullPage>
  );
}

/** The same inside of a page. */
export function NotFoundNote() {
  const { t } = useTranslation();
  return (
    <>
      <div className="flex flex-col gap-3">
        <Lamp isOut className="-ms-4 mb-2 size-28" />
        <h1 className="font-serif text-display tracking-[-0.01em]">{t('notFound.title')}</h1>
        <p className="text-ink-soft">{t('notFound.explained')}</p>
      </div>
      <Link to="/" className={`${buttonClasses('lamp')} self-start`}>
        {t('notFound.leave')}
      </Link>
    </>
  );
}
