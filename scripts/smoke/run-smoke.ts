import { randomUUID } from 'node:crypto';
import { me, signInOptions } from '#contract/accounts.ts';
import { conversationPage, messagePage } from '#contract/conversations.ts';
import { type Answer, followAnswer, mustBeSame, stepsOfEvents, stepsOfFrames } from './answer.ts';
import type { Account, SmokeOptions } from './options.ts';
import { Checks, type SmokeReport } from './report.ts';
import { checkHeaders, checkHealth, checkPage, checkPrivate } from './surface.ts';
import { readAs, request, Visitor } from './visitor.ts';

/** Acts as one person and tells how it went; never throws for what the server does. */
export async function runSmoke(options: SmokeOptions): Promise<SmokeReport> {
  const { url, api, wait } = options;
  const startedAt = new Date().toISOString();
  const checks = new Checks(options.seconds);
  await checks.run('health', (signal) => checkHealth(api, wait, signal), options.seconds + wait);
  await checks.run('page', (signal) => checkPage(url, signal));
  await checks.run('security headers', (signal) => checkHeaders(url, api, signal));
  await checks.run('nothing private is reachable', (signal) => checkPrivate([url, api], signal));
  const visitor = options.account
    ? await checks.run('sign in', (signal) => signIn(api, options.account, signal))
    : await checks.run('guest session', (signal) => arrive(api, signal));
  if (visitor) await converse(checks, visitor, options);
  else for (const name of chatChecks) checks.skip(name, 'there is no session.');
  return { url, api, startedAt, ok: checks.results.every(({ ok }) => ok), checks: checks.results };
}

const chatChecks = ['answer over SSE', 'answer over WebSocket'] as const;

async function signIn(api: string, account: Account | undefined, signal: AbortSignal) {
  if (!account) throw new Error('There is no account.');
  const visitor = await Visitor.signIn(api, account, signal);
  const known = await readAs(await visitor.call('/api/me', 200, { signal }), me);
  if (known.email !== account.email.toLowerCase()) throw new Error('The session is that of somebody else.');
  return { value: visitor, facts: { role: known.role } };
}

async function arrive(api: string, signal: AbortSignal) {
  const { guests } = await readAs(await request(`${api}/api/auth/options`, 200, { signal }), signInOptions);
  if (!guests) throw new Error('Guests may not come in here: name an account by --email and SMOKE_PASSWORD.');
  const name = `Smoke ${randomUUID().slice(0, 8)}`;
  const visitor = await Visitor.arrive(api, name, signal);
  const known = await readAs(await visitor.call('/api/me', 200, { signal }), me);
  if (known.name !== name) throw new Error(`The session of ${name} is that of ${known.name}.`);
  return { value: visitor };
}

async function converse(checks: Checks, visitor: Visitor, { message, model }: SmokeOptions): Promise<void> {
  const said = { text: message, ...(model && { model }) };
  const ways = {
    'answer over SSE': (signal: AbortSignal) =>
      stepsOfEvents(visitor.events('/api/chat/send', { method: 'POST', body: said, signal })),
    'answer over WebSocket': (signal: AbortSignal) =>
      stepsOfFrames(visitor.frames({ type: 'send', ref: 'smoke', ...said }, signal)),
  };
  await checks.run('renew the token', async (signal) => ({ value: await visitor.renew(signal) }));
  const made: string[] = [];
  for (const name of chatChecks) {
    const answer = await checks.run(name, async (signal) => {
      const followed = await followAnswer(ways[name](signal));
      return { value: followed, facts: followed.facts };
    });
    if (answer) made.push(answer.run.conversationId);
    const stored = `stored text of the ${name}`;
    if (answer) await checks.run(stored, (signal) => compareStored(visitor, answer, message, signal));
    else checks.skip(stored, 'there is no answer.');
  }
  await checks.run('delete and sign out', (signal) => leave(visitor, made, signal));
}

/** What a reader gets who opens the conversation later. */
async function compareStored(visitor: Visitor, { run, streamed }: Answer, said: string, signal: AbortSignal) {
  const path = `/api/conversations/${run.conversationId}/messages`;
  const { items } = await readAs(await visitor.call(path, 200, { signal }), messagePage);
  const answer = items.find(({ id }) => id === run.messageId);
  const question = items.find(({ id }) => id === run.userMessageId);
  if (!answer || !question) throw new Error(`${answer ? 'The message' : 'The answer'} is not stored.`);
  mustBeSame('streamed', streamed, 'is stored', answer.text);
  mustBeSame('was sent', said, 'is stored', question.text);
  if (answer.status !== 'complete') throw new Error(`The stored answer is ${answer.status}.`);
  return { value: undefined, facts: { characters: answer.text.length } };
}

/** Of an account only what was made here goes: it may have other conversations. */
async function leave(visitor: Visitor, made: readonly string[], signal: AbortSignal) {
  for (const id of made) await visitor.call(`/api/conversations/${id}`, 204, { method: 'DELETE', signal });
  const { items } = await readAs(await visitor.call('/api/conversations', 200, { signal }), conversationPage);
  if (items.some(({ id }) => made.includes(id))) throw new Error('A deleted conversation is still listed.');
  await visitor.call('/api/auth/logout', 204, { method: 'POST', signal });
  await visitor.mustBeOut(signal);
  return { value: undefined, facts: { conversations: made.length } };
}
