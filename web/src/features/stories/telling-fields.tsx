import type { StoryLanguage, storyLanguages } from '#contract/story-parts.ts';
import { Field } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import type { Telling } from './telling.ts';

/** Checked against the contract by its type, so that its schemas stay out of the page. */
const languages: typeof storyLanguages = ['en', 'de', 'es', 'ar', 'fr', 'it', 'nl', 'pl', 'pt', 'ru', 'tr', 'uk'];
const names = new Intl.DisplayNames('en', { type: 'language' });
const languageOptions = languages.map((each) => [each, names.of(each) ?? each] as const);

const ages = { least: 2, most: 14 };
const ageOptions = Array.from({ length: ages.most - ages.least + 1 }, (_, index) => {
  const age = String(ages.least + index);
  return [age, `${age} years`] as const;
});

interface TellingFieldsProps {
  readonly telling: Telling;
  readonly onChange: (changes: Partial<Telling>) => void;
}

/** For what age, in which language and how a story is told. */
export const TellingFields = ({ telling, onChange }: TellingFieldsProps) => (
  <>
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField
        label="Age"
        value={String(telling.readerAge)}
        onValue={(age) => onChange({ readerAge: Number(age) })}
        options={ageOptions}
      />
      <SelectField
        label="Language"
        value={telling.language}
        onValue={(language) => onChange({ language: language as StoryLanguage })}
        options={languageOptions}
      />
    </div>
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="Themes they like"
        hint="Separated by commas."
        placeholder="the sea, friendship"
        value={telling.themes}
        onValue={(themes) => onChange({ themes })}
        maxLength={600}
      />
      <Field
        label="What to leave out"
        hint="Separated by commas."
        placeholder="spiders, storms"
        value={telling.avoid}
        onValue={(avoid) => onChange({ avoid })}
        maxLength={600}
      />
    </div>
    <Field
      label="In what manner?"
      hint="Empty: left to the writer."
      placeholder="funny, in rhymes"
      value={telling.style}
      onValue={(style) => onChange({ style })}
      maxLength={200}
    />
  </>
);
