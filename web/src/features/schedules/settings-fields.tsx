import type { StoryLanguage, storyLanguages } from '#contract/story-parts.ts';
import { Field } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { LengthChoice } from '../stories/length-choice.tsx';
import type { ScheduleDraft } from './schedule-draft.ts';

/** Checked against the contract by its type, so that its schemas stay out of the page. */
const languages: typeof storyLanguages = ['en', 'de', 'es', 'ar', 'fr', 'it', 'nl', 'pl', 'pt', 'ru', 'tr', 'uk'];
const names = new Intl.DisplayNames('en', { type: 'language' });
const languageOptions = languages.map((each) => [each, names.of(each) ?? each] as const);

const ages = { least: 2, most: 14 };
const ageOptions = Array.from({ length: ages.most - ages.least + 1 }, (_, index) => {
  const age = String(ages.least + index);
  return [age, `${age} years`] as const;
});

interface SettingsFieldsProps {
  readonly draft: ScheduleDraft;
  readonly onChange: (changes: Partial<ScheduleDraft>) => void;
}

/** What the stories of a schedule are like. */
export function SettingsFields({ draft: { settings, themes, avoid }, onChange }: SettingsFieldsProps) {
  const set = (changes: Partial<ScheduleDraft['settings']>) => onChange({ settings: { ...settings, ...changes } });
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField
          label="Age"
          value={String(settings.readerAge)}
          onValue={(age) => set({ readerAge: Number(age) })}
          options={ageOptions}
        />
        <SelectField
          label="Language"
          value={settings.language}
          onValue={(language) => set({ language: language as StoryLanguage })}
          options={languageOptions}
        />
      </div>
      <LengthChoice minutes={settings.minutes} onMinutes={(minutes) => set({ minutes })} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Themes they like"
          hint="Separated by commas."
          placeholder="the sea, friendship"
          value={themes}
          onValue={(value) => onChange({ themes: value })}
          maxLength={600}
        />
        <Field
          label="What to leave out"
          hint="Separated by commas."
          placeholder="spiders, storms"
          value={avoid}
          onValue={(value) => onChange({ avoid: value })}
          maxLength={600}
        />
      </div>
    </>
  );
}
