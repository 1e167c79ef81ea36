import type { Language } from '#contract/accounts.ts';

/** The languages of the page, each under its own name, as whoever looks for it would. */
export const languages: ReadonlyArray<{ readonly code: Language; readonly name: string }> = [
  { code: 'en', name: 'English' },
  { code: 'de', name: 'Deutsch' },
  { code: 'es', name: 'Español' },
  { code: 'ar', name: 'العربية' },
];

const isLanguage = (code: string | undefined): code is Language => languages.some((each) => each.code === code);

export const directionOf = (language: string): 'ltr' | 'rtl' => (language === 'ar' ? 'rtl' : 'ltr');

/** The first that the page speaks: of what was chosen here before, then of what the browser asks for; else English. */
export function languageFor(chosen: string | null, preferred: readonly string[]): Language {
  const wanted = [chosen ?? undefined, ...preferred.map((tag) => tag.toLowerCase().split('-')[0])];
  return wanted.find(isLanguage) ?? 'en';
}
