import { useTranslation } from 'react-i18next';
import type { StoryLanguage } from '#contract/story-parts.ts';
import { Field } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { nameOfLanguage, storyLanguages } from './story-languages.ts';
import type { Telling } from './telling.ts';

const ages = Array.from({ length: 13 }, (_, index) => index + 2);

interface TellingFieldsProps {
  readonly telling: Telling;
  readonly onChange: (changes: Partial<Telling>) => void;
}

/** For what age, in which language and how a story is told. */
export function TellingFields({ telling, onChange }: TellingFieldsProps) {
  const { t } = useTranslation('stories');
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label={t('telling.age')}
          value={String(telling.readerAge)}
          onValue={(age) => onChange({ readerAge: Number(age) })}
          options={ages.map((age) => [String(age), t('telling.years', { count: age })])}
        />
        <SelectField
          label={t('telling.language')}
          value={telling.language}
          onValue={(language) => onChange({ language: language as StoryLanguage })}
          options={storyLanguages.map((each) => [each, nameOfLanguage(each)])}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={t('telling.themes')}
          hint={t('telling.commas')}
          placeholder={t('telling.themesExample')}
          value={telling.themes}
          onValue={(themes) => onChange({ themes })}
          maxLength={600}
          dir="auto"
        />
        <Field
          label={t('telling.avoid')}
          hint={t('telling.commas')}
          placeholder={t('telling.avoidExample')}
          value={telling.avoid}
          onValue={(avoid) => onChange({ avoid })}
          maxLength={600}
          dir="auto"
        />
      </div>
      <Field
        label={t('telling.style')}
        hint={t('telling.styleHint')}
        placeholder={t('telling.styleExample')}
        value={telling.style}
        onValue={(style) => onChange({ style })}
        maxLength={200}
        dir="auto"
      />
    </>
  );
}
