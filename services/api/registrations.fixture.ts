import { expect } from 'vitest';
import { tokenResponse } from '#contract/accounts.ts';
import { errorResponse } from '#contract/errors.ts';
import { mailsTo, tokenIn } from '#tests/servers/outbox.ts';
import { createTestChat } from '#tests/servers/test-chat.ts';
import { TestClient } from '#tests/servers/test-client.ts';

export const password = 'a quiet evening at home';
const refresh = 'body';

export type Registrations = Awaited<ReturnType<typeof openRegistrations>>;

interface Answered {
  readonly status: number;
  readonly text: string;
}

/** A server with its worker, as people meet it who are not signed in, and their mails. */
export async function openRegistrations() {
  const app = await createTestChat();
  app.startWorker();
  const server = await app.openTestServer();
  const { outbox } = app.foundation.config.mail;
  let count = 0;
  const newAddress = () => `person-${++count}@example.org`;
  const ask = async (path: string, body: unknown) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const reply = await fetch(server.url + path, init);
    const text = await reply.text();
    return { status: reply.status, text, code: () => errorResponse.parse(JSON.parse(text)).error.code };
  };
  const signedIn = async (asked: Promise<Answered>) => {
    const { status, text } = await asked;
    expect([[200, 201].includes(status), text]).toEqual([true, expect.stringContaining('access_token')]);
    return new TestClient(server.url, tokenResponse.parse(JSON.parse(text)).access_token);
  };
  const register = (email: string, more = {}) => ask('/api/auth/register', { email, name: 'Ada', password, ...more });
  const linkOf = async (email: string) => {
    const [mail] = await mailsTo(outbox, email);
    return mail ? tokenIn(mail) : '';
  };
  const verify = (token: string, word = password) => ask('/api/auth/verify', { token, password: word, refresh });
  const makeAccount = async (email = newAddress()) => {
    expect((await register(email)).status).toBe(202);
    return { email, client: await signedIn(verify(await linkOf(email))) };
  };
  const passwordSignIn = (email: string, word: string) =>
    ask('/api/auth/token', { username: email, password: word, refresh });
  const { accounts } = app.foundation;
  return {
    app,
    server,
    accounts,
    outbox,
    newAddress,
    ask,
    signedIn,
    register,
    linkOf,
    verify,
    makeAccount,
    passwordSignIn,
  };
}
