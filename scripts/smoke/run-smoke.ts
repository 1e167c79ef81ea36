import { randomUUID } from 'node:crypto';
import { me } from '#contract/accounts.ts';
import { conversationPage, messagePage } from '#contract/conversations.ts';
import { type Answer, followAnswer, mustBeSame, stepsOfEvents, stepsOfFrames } from './answer.ts';
import type { SmokeOptions } from './options.ts';
import { Checks, type SmokeReport } from './report.ts';
import { checkHeaders, checkHealth, checkPage, checkPrivate } from './surface.ts';
import { readAs, Visitor } from './visitor.ts';

/** Acts as one person and tells how it went; never throws for what the server does. */
export async function runSmoke(options: SmokeOptions): Promise<SmokeReport> {
  const { url, api, wait } = options;
  const startedAt = new Date().toISOString();
  const checks = new Checks(options.seconds);
  await checks.run('health', (signal) => checkHealth(api, wait, signal), options.seconds + wait);
  await checks.run('page', (signal) => checkPage(url, signal));
  await checks.run('security headers', (signal) => checkHeaders(url, api, signal));
  await checks.run('nothing private is reachable', (signal) => checkPrivate([url, api], signal));
  const visitor = await checks.run('guest session', (signal) => arrive(api, signal));
  if (visitor) await converse(checks, visitor, options);
  else for (const name of chatChecks) checks.skip(name, 'there is no session.');
  return { url, api, startedAt, ok: checks.results.every(({ ok }) => ok), checks: checks.results };
}

const chatChecks = ['answer over SSE', 'answer over WebSocket'] as const;

async function arrive(api: string, signal: AbortSignal) {
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
  for (const name of chatChecks) {
    const answer = await checks.run(name, async (signal) => {
      const followed = await followAnswer(ways[name](signal));
      return { value: followed, facts: followed.facts };
    });
    const stored = `stored text of the ${name}`;
    if (answer) await checks.run(stored, (signal) => compareStored(visitor, answer, message, signal));
    else checks.skip(stored, 'there is no answer.');
  }
  await checks.run('delete and sign out', (signal) => leave(visitor, signal));
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

async function leave(visitor: Visitor, signal: AbortSignal) {
  const { items } = await readAs(await visitor.call('/api/conversations', 200, { signal }), conversationPage);
  for (const { id } of items) await visitor.call(`/api/conversations/${id}`, 204, { method: 'DELETE', signal });
  await visitor.call('/api/auth/logout', 204, { method: 'POST', signal });
  await visitor.call('/api/me', 401, { signal });
  return { value: undefined, facts: { conversations: items.length } };
}
