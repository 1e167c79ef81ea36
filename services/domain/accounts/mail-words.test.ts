import { expect, it } from 'vitest';
import { languages } from '#contract/accounts.ts';
import { accountLetter, passwordChangedLetter, signsInElsewhereLetter } from './mails.ts';

const url = 'https://lamplight.test/verify#token=secret';
const lettersIn = (language: (typeof languages)[number]) => [
  ...(['confirm', 'accountExists', 'reset', 'invitation'] as const).map((kind) => accountLetter(kind, url, language)),
  signsInElsewhereLetter('Example', url, language),
  signsInElsewhereLetter(undefined, url, language),
  passwordChangedLetter(0, 'Europe/Berlin', url, language),
];

it.each(languages)('every mail about an account is whole in %s', (language) => {
  for (const { subject, text, html } of lettersIn(language)) {
    expect(subject).not.toBe('');
    expect(text).toContain(url);
    expect(html).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
    expect(`${subject} ${text}`).not.toMatch(/undefined|\[object|!/);
  }
});

it('no mail says in one language what it says in another', () => {
  const subjects = languages.flatMap((language) => lettersIn(language).map(({ subject }) => `${subject}`));
  // The two of who signs in elsewhere have one subject.
  expect(new Set(subjects).size).toBe(languages.length * 6);
});
