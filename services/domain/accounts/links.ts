import type { JobData } from '#contract/jobs.ts';
import { jobs } from '#contract/jobs.ts';
import { AppError } from '#platform/errors.ts';
import type { QueueSpec } from '#platform/queue/queue.ts';
import type { AccountPorts } from './account-ports.ts';
import type { LinkRecord } from './account-records.ts';
import type { SigningKeys } from './signing-keys.ts';

export const mailQueue: QueueSpec<JobData<'mail'>> = { name: 'mail', data: jobs.mail };

const hour = 3_600_000;
const lifeMs: Readonly<Record<LinkRecord['kind'], number>> = { reset: hour, verify: 24 * hour, invite: 7 * 24 * hour };

/** Ten tries are most of an hour: as long as a server may be away and the mail still be of use. */
const mailTries = { attempts: 10, backoff: 5_000 } as const;

/** The secret of a link: told from its id and our key alone, so that whoever reads the store or a queue cannot follow it. */
export const linkToken = (keys: SigningKeys, { _id, kind }: Pick<LinkRecord, '_id' | 'kind'>): string =>
  `${_id}.${keys.sign('link', signed(_id, kind))}`;

const signed = (id: string, kind: string): string => `${id}.${kind}`;

/** Makes a link and asks for its mail. Where the queue is away the sweep asks again. */
export async function addLink(
  accounts: AccountPorts,
  link: Omit<LinkRecord, '_id' | 'mailed' | 'createdAt' | 'expiresAt'>,
): Promise<LinkRecord> {
  const now = accounts.clock.now();
  const record = { ...link, _id: accounts.newId(), mailed: false, createdAt: now, expiresAt: now + lifeMs[link.kind] };
  await accounts.records.links.insert(record);
  await askForMail(accounts, { kind: 'link', id: record._id });
  return record;
}

/** One job a mail, under its own id; a queue that is away fails nobody. */
export async function askForMail({ queue, logger }: AccountPorts, data: JobData<'mail'>): Promise<void> {
  const id = `${data.kind}-${data.id}`;
  try {
    await queue.add(mailQueue, data, { ...mailTries, id });
  } catch (error) {
    logger.warn('The queue did not take the job of a mail.', { 'event.action': 'mail', 'lamplight.job.id': id, error });
  }
}

/** The link of a token. Throws `link_invalid` for one that is unknown, of another kind, used or too old. */
export async function findLink(accounts: AccountPorts, kind: LinkRecord['kind'], token: string): Promise<LinkRecord> {
  const at = token.indexOf('.');
  const id = token.slice(0, at);
  if (at < 1 || !accounts.keys.verify('link', signed(id, kind), token.slice(at + 1))) throw linkInvalid();
  const link = await accounts.records.links.get(id);
  if (link?.kind !== kind || link.expiresAt <= accounts.clock.now()) throw linkInvalid();
  return link;
}

/** Uses a link up: of several who try at once, one succeeds. Throws `link_invalid` for the others. */
export async function spendLink(accounts: AccountPorts, link: LinkRecord): Promise<void> {
  if (!(await accounts.records.links.delete(link._id))) throw linkInvalid();
}

export const linkInvalid = (): AppError =>
  new AppError('link_invalid', 'This link was used already or is too old. Ask for another one.');
