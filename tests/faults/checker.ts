import { isDeepStrictEqual } from 'node:util';
import type { MessageRecord } from '#domain/chat/chat-records.ts';
import { partsOf, textOf } from '#domain/runs/output.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import type { Evidence, SentMessage } from './evidence.ts';
import { mustFail, textOfCall, thinkingOf } from './script.ts';

/** A promise that was broken, and what to look for in the logs. */
export interface Breach {
  readonly rule: string;
  readonly says: string;
  readonly runId?: string | undefined;
  readonly traceId?: string | undefined;
}

/** Workers that may die over an answer before it is given up. */
const crashesBeforeInterruption = 2;

/** Every way in which what is stored and what readers have breaks a promise; empty where all were kept. */
export function findBreaches(evidence: Evidence): Breach[] {
  const { sent, runs, messages } = evidence;
  const runsOfSend = groupBy(runs, ({ clientMessageId }) => clientMessageId);
  const messagesById = new Map(messages.map((message) => [message._id, message]));
  return [
    ...runs.flatMap(checkEnd),
    ...runs.flatMap((run) => checkCopies(run, messagesById)),
    ...checkNothingElse(evidence),
    ...checkConversations(evidence),
    ...sent.flatMap((message) => checkSent(message, runsOfSend.get(message.clientMessageId) ?? [])),
  ];
}

const about = (run: RunRecord) => ({ runId: run._id, traceId: run.traceId });

function checkEnd(run: RunRecord): Breach[] {
  const of = (rule: string, says: string): Breach => ({ rule, says, ...about(run) });
  if (run.status === 'queued' || run.status === 'running')
    return [of('every run ends', `it is ${run.status}, attempt ${run.attempt}`)];
  const units = run.output.reduce((sum, { text }) => sum + text.length, 0);
  return [
    ...(run.settled ? [] : [of('every run settles', `it is ${run.status} but not settled`)]),
    ...(run.slot === run._id ? [] : [of('a run that ended frees its conversation', `it holds ${run.slot}`)]),
    ...(run.endedAt === undefined ? [of('a run has one outcome', `${run.status} without an end`)] : []),
    ...(units === run.length ? [] : [of('a position counts units', `length ${run.length}, output ${units}`)]),
    ...(run.status === 'interrupted' && run.crashes < crashesBeforeInterruption
      ? [of('only repeated deaths interrupt', `interrupted after ${run.crashes} crashes`)]
      : []),
  ];
}

/** The two messages of a run say what it says. */
function checkCopies(run: RunRecord, messages: ReadonlyMap<string, MessageRecord>): Breach[] {
  const of = (says: string): Breach => ({ rule: 'messages say what runs say', says, ...about(run) });
  const question = messages.get(run.userMessageId);
  const reply = messages.get(run.messageId);
  const breaches: Breach[] = [];
  if (!question) breaches.push(of(`the person's message ${run.userMessageId} is missing`));
  else if (question.role !== 'user' || question.depth !== run.depth || textOf(question.parts) !== run.text)
    breaches.push(of(`the person's message ${question._id} differs`));
  if (!reply) breaches.push(of(`the answer's message ${run.messageId} is missing`));
  else if (reply.role !== 'assistant' || reply.depth !== run.depth + 1 || reply.runId !== run._id)
    breaches.push(of(`the answer's message ${reply._id} is not its own`));
  else if (reply.status !== run.status || !isDeepStrictEqual(reply.parts, partsOf(run.output)))
    breaches.push(
      of(`the answer's message is ${reply.status} with ${lengthOf(reply.parts)} units, the run ${run.length}`),
    );
  return breaches;
}

/** Nothing is stored that nobody sent, and nothing twice. */
function checkNothingElse({ sent, runs, messages }: Evidence): Breach[] {
  const sentIds = new Set(sent.map(({ clientMessageId }) => clientMessageId));
  const known = new Set(runs.flatMap(({ userMessageId, messageId }) => [userMessageId, messageId]));
  const places = groupBy(messages, ({ conversationId, depth }) => `${conversationId} ${depth}`);
  return [
    ...runs
      .filter(({ clientMessageId }) => !sentIds.has(clientMessageId))
      .map((run) => ({ rule: 'a run was sent', says: `nobody sent ${run.clientMessageId}`, ...about(run) })),
    ...messages
      .filter(({ _id }) => !known.has(_id))
      .map(({ _id, role }) => ({ rule: 'two messages a run', says: `the ${role} message ${_id} has no run` })),
    ...[...places.values()]
      .filter(({ length }) => length > 1)
      .map((same) => ({
        rule: 'no message twice',
        says: `${same.map(({ _id }) => _id).join(' and ')} have one place in a conversation`,
        runId: same[0]?.runId,
      })),
  ];
}

function checkConversations({ runs, conversations }: Evidence): Breach[] {
  const byId = new Map(conversations.map((conversation) => [conversation._id, conversation]));
  const used = groupBy(runs, ({ conversationId }) => conversationId);
  const rule = 'one conversation for each that was begun';
  const breaches: Breach[] = [];
  for (const { _id } of conversations)
    if (!used.has(_id)) breaches.push({ rule, says: `conversation ${_id} has no message` });
  for (const [id, inIt] of used) {
    const conversation = byId.get(id);
    const [run] = inIt;
    const told = run ? about(run) : {};
    if (!conversation) breaches.push({ rule, says: `conversation ${id} is missing`, ...told });
    else if (inIt.some(({ ownerId }) => ownerId !== conversation.ownerId))
      breaches.push({ rule, says: `conversation ${id} holds another's answers`, ...told });
    const begun = inIt.filter(({ depth }) => depth === 0).length;
    if (begun !== 1) breaches.push({ rule, says: `conversation ${id} begins ${begun} times`, ...told });
  }
  return breaches;
}

function checkSent(message: SentMessage, runs: readonly RunRecord[]): Breach[] {
  const [run] = runs;
  const told = { runId: message.runId ?? run?._id, traceId: run?.traceId ?? message.traceId };
  const of = (rule: string, says: string): Breach => ({ rule, says: `${message.client}: ${says}`, ...told });
  const breaches = message.breaches.map((says) => of('readers follow the interface', says));
  if (runs.length > 1) breaches.push(of('a send has one run', `${runs.map(({ _id }) => _id).join(' and ')}`));
  if (message.runId === undefined) {
    breaches.push(of('every send is acknowledged', `${message.clientMessageId} never got its run`));
    return breaches;
  }
  if (!run || run._id !== message.runId) {
    breaches.push(of('what was acknowledged exists', `run ${message.runId} is ${run ? `${run._id}` : 'missing'}`));
    return breaches;
  }
  if (run.text !== message.text) breaches.push(of('what was acknowledged exists', 'its text differs'));
  if (!message.done) breaches.push(of('every reader sees the end', `it has ${lengthOf(message.received)} units`));
  const stored = partsOf(run.output);
  if (message.done && !isDeepStrictEqual(message.received, stored))
    breaches.push(of('received equals stored', difference(message.received, stored)));
  if (message.done && (message.done.status !== run.status || message.done.text !== textOf(stored)))
    breaches.push(of('done says what is stored', `${message.done.status}, but the run is ${run.status}`));
  return [...breaches, ...checkAnswer(message, run).map(([rule, says]) => of(rule, says))];
}

/** The outcome is one that the script allows, and the text is one call's of the model, or its beginning. */
function checkAnswer({ script, stopAsked }: SentMessage, run: RunRecord): [rule: string, says: string][] {
  const breaches: [string, string][] = [];
  if (run.status === 'failed' && !mustFail(script))
    breaches.push(['only the model fails an answer', `failed with ${run.error?.code}: ${run.error?.message}`]);
  if (run.status === 'complete' && mustFail(script))
    breaches.push(['only the model fails an answer', `complete although the model had the fault ${script.fault}`]);
  if (run.status === 'stopped' && !stopAsked) breaches.push(['only people stop answers', 'stopped, but nobody asked']);
  const parts = partsOf(run.output);
  const thinking = parts
    .filter(({ kind }) => kind === 'thinking')
    .map(({ text }) => text)
    .join('');
  const text = textOf(parts);
  const nonce = /^#(\d+) /.exec(text)?.[1];
  const rule = 'an answer is one call of the model';
  if (run.status === 'complete') {
    if (thinking !== thinkingOf(script)) breaches.push([rule, 'its thinking differs from what the model thought']);
    if (nonce === undefined || text !== textOfCall(script, Number(nonce)))
      breaches.push([rule, `its text of ${text.length} units is not what call ${nonce ?? '?'} said`]);
    return breaches;
  }
  // Where an answer was cut, half an emoji may stand at its end.
  const begins = (whole: string, start: string) => whole.startsWith(start.replace(/\ufffd$/, ''));
  if (!begins(thinkingOf(script), thinking))
    breaches.push([rule, 'its thinking is not a beginning of what the model thought']);
  const whole = nonce === undefined ? /^#?\d*$/.test(text) : begins(textOfCall(script, Number(nonce)), text);
  if (!whole)
    breaches.push([rule, `its text of ${text.length} units is not a beginning of what call ${nonce ?? '?'} said`]);
  return breaches;
}

type Parts = readonly { readonly kind: string; readonly text: string }[];
const lengthOf = (parts: Parts): number => parts.reduce((sum, { text }) => sum + text.length, 0);

function difference(received: Parts, stored: Parts): string {
  const [has, should] = [received, stored].map((parts) => parts.map(({ text }) => text).join('')) as [string, string];
  let at = 0;
  while (at < has.length && has[at] === should[at]) at += 1;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 15), at + 15));
  return `${has.length} units received, ${should.length} stored; at ${at} ${around(has)} instead of ${around(should)}`;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(items, key);
}
