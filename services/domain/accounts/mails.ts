import type { MailMessage } from '#platform/mail/mail.ts';

/** What a mail says, without to whom. */
export type Letter = Pick<MailMessage, 'subject' | 'text' | 'html'>;

interface Parts {
  readonly subject: string;
  /** Above the link. */
  readonly before: readonly string[];
  readonly link?: { readonly label: string; readonly url: string };
  readonly after: readonly string[];
}

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

function letter({ subject, before, link, after }: Parts): Letter {
  const text = [...before, ...(link ? [link.url] : []), ...after, '—\nLamplight'].join('\n\n');
  const button = link && `<p><a href="${escaped(link.url)}" style="${buttonStyle}">${escaped(link.label)}</a></p>`;
  const plain = link && `<p style="${softStyle}">Or open this address:<br>${escaped(link.url)}</p>`;
  const body = [...before.map(paragraph), button, ...after.map(paragraph), plain].filter((part) => part !== undefined);
  return { subject, text: `${text}\n`, html: page(subject, body.join('\n')) };
}

const buttonStyle =
  'display:inline-block;padding:10px 16px;border-radius:8px;background:#e39b2d;color:#2e2114;text-decoration:none;font-weight:600';
const softStyle = 'color:#5d6475;font-size:13px;word-break:break-all';
const paragraph = (text: string): string => `<p>${escaped(text)}</p>`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title></head>
<body style="margin:0;padding:24px;background:#fbf9f5;color:#20263a;font:15px/22px system-ui,sans-serif">
<div style="max-width:480px;margin:0 auto">
<h1 style="font-size:20px;line-height:28px">${escaped(title)}</h1>
${body}
<p style="color:#5d6475;font-size:13px">Lamplight</p>
</div>
</body>
</html>
`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
