import i18next from 'i18next';
import type { storyLanguages as contractLanguages, StoryLanguage } from '#contract/story-parts.ts';

/** Checked against the contract by its type, so that its schemas stay out of the page. */
export const storyLanguages: typeof contractLanguages = [
  'en',
  'de',
  'es',
  'ar',
  'fr',
  'it',
  'nl',
  'pl',
  'pt',
  'ru',
  'tr',
  'uk',
];

/** A language's name in that of the page. */
export const nameOfLanguage = (language: StoryLanguage): string =>
  new Intl.DisplayNames(i18next.language, { type: 'language' }).of(language) ?? language;
