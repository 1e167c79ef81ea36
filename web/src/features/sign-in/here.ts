import i18next from 'i18next';
import type { Language } from '#contract/accounts.ts';
import { timeZone } from './time-zone.ts';

/** What the browser knows of a person whose account begins: where they are, and the language that they read this page in. */
export const here = (): { readonly timeZone: string | undefined; readonly language: Language } => ({
  timeZone: timeZone(),
  language: i18next.language as Language,
});
