import { tokenResponse } from '#contract/accounts.ts';
import { mailsTo, tokenIn } from '#tests/servers/outbox.ts';
import { TestClient, type TestReply } from '#tests/servers/test-client.ts';
import type { ScenePlace } from './scene-place.ts';

const password = 'a quiet evening at home';

/** Somebody with an account, signed in. */
export interface ScenePerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly client: TestClient;
}

/** The reply of a request that must succeed. */
export async function done(asked: Promise<TestReply>): Promise<TestReply> {
  const reply = await asked;
  if (reply.status >= 300) throw new Error(`A scene was refused with ${reply.status}: ${reply.text}`);
  return reply;
}

export const idOf = ({ text }: TestReply): string => String(JSON.parse(text).id);

/** Somebody who signs in with a password. */
export async function signIn({ url }: ScenePlace, email: string, word: string): Promise<ScenePerson> {
  const body = { username: email, password: word, refresh: 'body' };
  const reply = await done(new TestClient(url, '').call('POST', '/api/auth/token', body));
  return known(email, word, new TestClient(url, reply.as(tokenResponse).access_token));
}

/** Somebody new, who registers and follows the link of the mail. */
export async function register(
  { url, outbox }: ScenePlace,
  person: { readonly name: string; readonly email: string; readonly timeZone: string; readonly language: string },
): Promise<ScenePerson> {
  // Without a token: one that is empty is refused here, where a guest's may come.
  const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const asked = await fetch(`${url}/api/auth/register`, { ...init, body: JSON.stringify({ ...person, password }) });
  if (!asked.ok) throw new Error(`A registration was refused with ${asked.status}: ${await asked.text()}`);
  const [mail] = await mailsTo(outbox, person.email);
  if (!mail) throw new Error(`There is no mail to ${person.email}.`);
  const answer = { token: tokenIn(mail), password, refresh: 'body' };
  const reply = await done(new TestClient(url, '').call('POST', '/api/auth/verify', answer));
  return known(person.email, password, new TestClient(url, reply.as(tokenResponse).access_token));
}

export async function startGuest({ url }: ScenePlace, name: string): Promise<TestClient> {
  const body = { name, timeZone: 'Europe/Berlin', refresh: 'body' };
  const reply = await done(new TestClient(url, '').call('POST', '/api/auth/guest', body));
  return new TestClient(url, reply.as(tokenResponse).access_token);
}

async function known(email: string, word: string, client: TestClient): Promise<ScenePerson> {
  const { id, name } = JSON.parse((await done(client.call('GET', '/api/me'))).text);
  return { id, name, email, password: word, client };
}
