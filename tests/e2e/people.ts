import { randomUUID } from 'node:crypto';
import { type Role, tokenResponse } from '#contract/accounts.ts';
import { mailsTo, tokenIn } from '#tests/servers/outbox.ts';
import { TestClient } from '#tests/servers/test-client.ts';
// Its types alone: this is also used where no test runs.
import type { Place } from './places.ts';

/** What somebody signs in with. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** The administrator of each place. */
export const admin: Credentials = { email: 'admin@lamplight.test', password: 'the evening lamp of the tests' };

/** Somebody with an account. */
export interface Person extends Credentials {
  readonly name: string;
}

const someone = (name: string): Person => ({
  name,
  email: `person-${randomUUID()}@example.org`,
  password: 'a long walk in the evening',
});

/** An account, made and confirmed as the page would: for journeys that begin after that. */
export async function newAccount(place: Pick<Place, 'url' | 'outbox'>, name = 'Grace'): Promise<Person> {
  const person = someone(name);
  await post(place.url, '/api/auth/register', { ...person });
  await post(place.url, '/api/auth/verify', { token: await mailed(place, person), ...secretOf(person) });
  return person;
}

/** An account with this role, of somebody who was invited and came. */
export async function invited(place: Place, name: string, role: Role): Promise<Person> {
  const person = someone(name);
  const { status } = await (await clientOf(place, admin)).call('POST', '/api/admin/invitations', {
    email: person.email,
    role,
  });
  if (status >= 400) throw new Error(`The invitation was answered with ${status}.`);
  await post(place.url, '/api/auth/invitation', { token: await mailed(place, person), name, ...secretOf(person) });
  return person;
}

const secretOf = ({ password }: Person) => ({ password, refresh: 'body' });

/** The token of the first mail that somebody got. */
async function mailed({ outbox }: Pick<Place, 'outbox'>, { email }: Person): Promise<string> {
  const [mail] = await mailsTo(outbox, email);
  if (!mail) throw new Error('There is no mail.');
  return tokenIn(mail);
}

/** Somebody's way to the API beside their page. */
export async function clientOf({ url }: Pick<Place, 'url'>, { email, password }: Credentials): Promise<TestClient> {
  const body = new URLSearchParams({ username: email, password, refresh: 'body' });
  const reply = await fetch(`${url}/api/auth/token`, { method: 'POST', body });
  return new TestClient(url, tokenResponse.parse(await reply.json()).access_token);
}

async function post(url: string, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
}
