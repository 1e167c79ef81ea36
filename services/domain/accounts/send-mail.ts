import type { Language } from '#contract/accounts.ts';
import type { JobData } from '#contract/jobs.ts';
import type { Letter } from '#domain/letters/letter.ts';
import type { Mail } from '#platform/mail/mail.ts';
import type { AccountPorts } from './account-ports.ts';
import type { LinkRecord } from './account-records.ts';
import { personByEmail } from './find-person.ts';
import { linkToken } from './links.ts';
import { accountLetter, passwordChangedLetter, signsInElsewhereLetter } from './mails.ts';

/** So many mails of one kind go to one address in an hour: whoever asks for more in another's name sends them nothing. */
const mostAnHour = 3;
const hour = 3_600_000;

/** Does a mail job. Only here it is decided what an address gets, so that whoever asked learns nothing from the reply or its time. */
export async function sendMail(
  accounts: AccountPorts,
  mail: Mail,
  { kind, id }: JobData<'mail'>,
  signal: AbortSignal,
): Promise<void> {
  if (kind === 'link') await sendLink(accounts, mail, id, signal);
  else await tellOfPassword(accounts, mail, id, signal);
}

async function sendLink(accounts: AccountPorts, mail: Mail, id: string, signal: AbortSignal): Promise<void> {
  const { links } = accounts.records;
  const link = await links.get(id);
  if (!link || link.mailed || link.expiresAt <= accounts.clock.now()) return;
  const letter = (await isTooMany(accounts, link)) ? undefined : await letterOf(accounts, link);
  if (letter) {
    await mail.send({ id, to: link.email, ...letter }, signal);
    await links.update(id, { set: { mailed: true } });
  } else await links.delete(id);
}

/** What an address is sent; nothing where nobody is to hear of it. */
async function letterOf(accounts: AccountPorts, link: LinkRecord): Promise<Letter | undefined> {
  const { publicUrl, openId } = accounts.settings;
  const person = await personByEmail(accounts, link.email);
  const url = (path: string) => `${publicUrl}/${path}#token=${linkToken(accounts.keys, link)}`;
  switch (link.kind) {
    case 'verify':
      if (person) return accountLetter('accountExists', publicUrl, person.language);
      return accountLetter('confirm', url('verify'), link.registration?.language);
    case 'invite':
      return person ? undefined : accountLetter('invitation', url('invitation'), await inviterLanguage(accounts, link));
    case 'reset':
      if (!person || person.disabled) return undefined;
      if (person.passwordHash !== undefined) return accountLetter('reset', url('reset'), person.language);
      return signsInElsewhereLetter(openId?.name, publicUrl, person.language);
  }
}

/** Nobody knows yet what the invited person speaks: most likely what whoever invites them does. */
async function inviterLanguage({ records }: AccountPorts, { invitedBy }: LinkRecord): Promise<Language | undefined> {
  return invitedBy === undefined ? undefined : (await records.people.get(invitedBy, ['language']))?.language;
}

/** Links of invitations are an administrator's to make, and so never too many. */
async function isTooMany({ records, clock }: AccountPorts, { _id, email, kind }: LinkRecord): Promise<boolean> {
  if (kind === 'invite') return false;
  const { items } = await records.links.find({ where: { email, kind }, limit: 1_000, fields: ['createdAt', 'mailed'] });
  const recent = items.filter((other) => other._id !== _id && other.mailed && other.createdAt > clock.now() - hour);
  return recent.length >= mostAnHour;
}

async function tellOfPassword(accounts: AccountPorts, mail: Mail, id: string, signal: AbortSignal): Promise<void> {
  const [personId = '', at = ''] = id.split('_');
  const person = await accounts.records.people.get(personId);
  if (person?.email === undefined || person.deleted) return;
  const { email, timeZone, language } = person;
  const letter = passwordChangedLetter(Number(at), timeZone, accounts.settings.publicUrl, language);
  await mail.send({ id: `password-${id}`, to: email, ...letter }, signal);
}
