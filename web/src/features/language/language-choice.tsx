import { useTranslation } from 'react-i18next';
import { languages } from './languages.ts';
import { useLanguageChange } from './use-language-change.ts';

/** The languages in a quiet row, each under its own name: whoever cannot read the page finds theirs. */
export function LanguageChoice() {
  const { t, i18n } = useTranslation('language');
  const { change } = useLanguageChange();
  return (
    <fieldset className="-mx-2 flex flex-wrap text-small">
      <legend className="sr-only">{t('choice.name')}</legend>
      {languages.map(({ code, name }) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={i18n.language === code}
          onClick={() => void change(code)}
          className="min-h-10 rounded-control px-2 text-ink-soft transition-colors duration-120 hover:text-ink aria-pressed:font-medium aria-pressed:text-ink"
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
