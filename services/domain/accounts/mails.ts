import type { Language } from '#contract/accounts.ts';
import { type Letter, letter } from '#domain/letters/letter.ts';
import { type AccountWords, accountWords } from './mail-words.ts';

type PlainLetter = Exclude<keyof AccountWords, 'signsInElsewhere' | 'passwordChanged'>;

/** A mail about an account; `url` is where its button leads. */
export const accountLetter = (kind: PlainLetter, url: string, language: Language = 'en'): Letter =>
  asLetter(accountWords[language][kind], url, language);

export const signsInElsewhereLetter = (provider: string | undefined, url: string, language: Language = 'en'): Letter =>
  asLetter(accountWords[language].signsInElsewhere(provider), url, language);

/** `at`: milliseconds since the epoch, told as `timeZone` has it. */
export function passwordChangedLetter(at: number, timeZone: string, url: string, language: Language = 'en'): Letter {
  const locale = `${language}-u-ca-gregory-nu-latn`;
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(at);
  return asLetter(accountWords[language].passwordChanged(`${moment} (${timeZone})`), url, language);
}

const asLetter = (
  { subject, before, link, after }: ReturnType<AccountWords['passwordChanged']>,
  url: string,
  language: Language,
): Letter => letter({ subject, language, before, link: { label: link, url }, after });
