import { type Letter, letter } from '#domain/letters/letter.ts';

const ifNotYou = 'If you did not ask for this, you need not do anything.';

export const confirmLetter = (url: string): Letter =>
  letter({
    subject: 'Confirm your address',
    before: [
      'Somebody, probably you, asked for a Lamplight account with this address. Confirm it, and the account is yours.',
    ],
    link: { label: 'Confirm address', url },
    after: [
      'The link works once, for 24 hours, and asks for the password that was chosen.',
      `${ifNotYou} There is no account until the link is followed.`,
    ],
  });

export const accountExistsLetter = (signInUrl: string): Letter =>
  letter({
    subject: 'You have an account already',
    before: ['Somebody, probably you, asked for a Lamplight account with this address. You have one: sign in with it.'],
    link: { label: 'Sign in', url: signInUrl },
    after: ['Where the password is forgotten, ask for a new one on that page.', ifNotYou],
  });

export const resetLetter = (url: string): Letter =>
  letter({
    subject: 'Set a new password',
    before: ['Somebody, probably you, asked for a new password for your Lamplight account.'],
    link: { label: 'Set new password', url },
    after: [
      'The link works once, for an hour. Your other sessions end when the password is set.',
      `${ifNotYou} Your password stays as it is.`,
    ],
  });

export const signsInElsewhereLetter = (signInUrl: string, providerName: string): Letter =>
  letter({
    subject: 'Your account has no password',
    before: [
      `Somebody, probably you, asked for a new password for your Lamplight account. It has none: it signs in with ${providerName}.`,
    ],
    link: { label: 'Sign in', url: signInUrl },
    after: [ifNotYou],
  });

export const invitationLetter = (url: string): Letter =>
  letter({
    subject: 'You are invited to Lamplight',
    before: ['An administrator invites you to Lamplight. Choose a name and a password, and your account begins.'],
    link: { label: 'Accept invitation', url },
    after: ['The link works once, for 7 days.', 'If you do not know who invites you, you need not do anything.'],
  });

/** `at` in words, with its time zone. */
export const passwordChangedLetter = (signInUrl: string, at: string): Letter =>
  letter({
    subject: 'Your password was changed',
    before: [`The password of your Lamplight account was changed on ${at}. Every other session has ended.`],
    link: { label: 'Open Lamplight', url: signInUrl },
    after: ['If it was not you, ask for a new password on the sign-in page, and tell your administrator.'],
  });
