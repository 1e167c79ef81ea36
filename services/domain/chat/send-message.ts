import { createHash } from 'node:crypto';
import type { SendRequest } from '#contract/chat.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import type { Hear } from '#domain/limits/rate-limit.ts';
import { orLeaveToSweep } from '#domain/runs/leave-to-sweep.ts';
import { presentRun } from '#domain/runs/present-run.ts';
import { reserveRun } from '#domain/runs/reserve-run.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { blankRun, storeRun } from '#domain/runs/store-run.ts';
import { tellPerson } from '#domain/runs/tell-person.ts';
import { AppError, isAppError, notFound } from '#platform/errors.ts';
import type { ChatPorts } from './chat-ports.ts';
import { chooseModel } from './default-model.ts';
import { estimatePrompt, type RunBefore, runBeforeFields } from './estimate-prompt.ts';
import { provisionalTitle } from './titles.ts';

/** Accepted: the run is stored. `repeated` where it was before. */
export interface Sent {
  readonly run: RunRecord;
  readonly repeated: boolean;
}

export interface SendOptions {
  /** Gets what is left of the person's messages. */
  readonly hear?: Hear;
  /** What else must be there before the message is accepted; its error refuses the message. */
  readonly permit?: Promise<unknown>;
}

/**
 * Accepts a message: once this resolves, its answer is made whatever happens. A repeat of a `clientMessageId` gets the same
 * run, whatever its limits, and costs nothing; neither does what fails on our side. Throws `not_found`, `unknown_model`,
 * `answer_running`, `message_id_reused`, `rate_limited`, `too_many_answers`, `budget_spent`, `store_unavailable`.
 */
export async function sendMessage(
  chat: ChatPorts,
  principal: Principal,
  request: SendRequest,
  { hear, permit }: SendOptions = {},
): Promise<Sent> {
  const payloadHash = hashPayload(request);
  const taking = chat.messageLimit.take(principal.id, hear);
  try {
    const run = await newRun(chat, principal, request, payloadHash, Promise.all([taking, permit]));
    await insertRun(chat, run);
    return { run, repeated: false };
  } catch (error) {
    if (!isAppError(error) || error.status >= 500) await giveBack(chat, principal, taking);
    // Whatever speaks against the message now: it was accepted if it came before.
    if (!isAppError(error) || error.code === 'message_id_reused' || request.clientMessageId === undefined) throw error;
    const earlier = await findSent(chat, principal, request.clientMessageId);
    if (earlier === undefined) throw error;
    if (error.status < 500) await giveBack(chat, principal, taking);
    return repeat(earlier, payloadHash);
  }
}

/** Undoes what a message took of those that its person may send; one that was refused for its number counts, too. */
export async function giveBack(
  chat: ChatPorts,
  { id }: Pick<Principal, 'id'>,
  taking: Promise<unknown>,
): Promise<void> {
  await taking.catch(() => {});
  await chat.messageLimit.giveBack(id);
}

async function newRun(
  chat: ChatPorts,
  principal: Principal,
  request: SendRequest,
  payloadHash: string,
  permit: Promise<unknown>,
): Promise<RunRecord> {
  const [place] = await Promise.all([findPlace(chat, principal, request), permit]);
  const run = {
    ...blankRun(chat, principal.id),
    ...place.in,
    clientMessageId: request.clientMessageId ?? chat.newId(),
    payloadHash,
    text: request.text,
    model: chooseModel(chat, request.model, place.last?.model ?? place.model),
  };
  const reserved = await reserveRun(chat, principal, run, estimatePrompt(chat, request.text, place.last));
  return { ...run, reserved, slot: run.conversationId };
}

/**
 * Inserts a run, its copies and its job. Only the first must succeed: the sweep repeats the others. What is held for a run that
 * is refused is given back at once; where nobody knows, the sweep finds out. Throws `answer_running`.
 */
export async function insertRun(chat: ChatPorts, run: RunRecord): Promise<void> {
  try {
    await storeRun(chat, run);
  } catch (error) {
    if (!isAppError(error, 'store_unavailable')) await orLeaveToSweep(chat, run, chat.budgets.cancel(run));
    if (!isAppError(error, 'conflict')) throw error;
    throw new AppError('answer_running', 'An answer is under way in this conversation. Wait for it, or stop it first.');
  }
  chat.logger.info('Accepted a message.', {
    'event.action': 'run_send',
    'lamplight.run.id': run._id,
    'lamplight.conversation.id': run.conversationId,
    'user.id': run.ownerId,
    'gen_ai.request.model': run.model,
  });
  void tellPerson(chat, run.ownerId, { kind: 'run_started', ...presentRun(run) });
}

const hashPayload = ({ conversationId, text, model }: SendRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([conversationId ?? null, model ?? null, text]))
    .digest('base64url');

async function findSent(
  { records }: ChatPorts,
  owner: { id: string },
  clientMessageId: string,
): Promise<RunRecord | undefined> {
  const found = await records.runs.find({ where: { ownerId: owner.id, clientMessageId }, limit: 1 });
  return found.items[0];
}

function repeat(run: RunRecord, payloadHash: string): Sent {
  if (run.payloadHash === payloadHash) return { run, repeated: true };
  throw new AppError('message_id_reused', 'Another message was sent with this clientMessageId. Use a new one.');
}

interface Place {
  readonly in: Pick<RunRecord, 'conversationId' | 'depth' | 'parentId' | 'newTitle'>;
  /** Of a conversation that has no answer yet. */
  readonly model?: string | undefined;
  /** The latest answer. */
  readonly last?: RunBefore & Pick<RunRecord, 'model'>;
}

/** Where the message goes: behind the latest answer of its conversation, or at the start of a new one. */
async function findPlace(chat: ChatPorts, principal: Principal, request: SendRequest): Promise<Place> {
  if (request.conversationId === undefined) {
    return {
      in: { conversationId: chat.newId(), depth: 0, newTitle: provisionalTitle(request.text) },
    };
  }
  const { conversationId } = request;
  const [conversation, latest] = await Promise.all([
    chat.records.conversations.get(conversationId),
    chat.records.runs.find({
      where: { conversationId },
      sort: { by: ['depth'], direction: 'desc' },
      limit: 1,
      fields: ['ownerId', 'kind', 'depth', 'messageId', 'model', ...runBeforeFields],
    }),
  ]);
  const last = latest.items[0];
  // The first copy of a conversation may still be missing: the run that began it vouches for it.
  const ownerId = conversation?.ownerId ?? last?.ownerId;
  // A story's run has a place of the same form, which is no conversation.
  if (ownerId !== principal.id || conversation?.deleted || last?.kind === 'story') throw notFound('conversation');
  if (last) return { in: { conversationId, depth: last.depth + 2, parentId: last.messageId }, last };
  return { in: { conversationId, depth: 0, ...untitled(conversation, request.text) }, model: conversation?.model };
}

/** A conversation that was created empty takes its title from the first message, unless its owner gave it one. */
const untitled = (conversation: { title: string } | undefined, text: string): { newTitle?: string } =>
  conversation?.title === '' ? { newTitle: provisionalTitle(text) } : {};
