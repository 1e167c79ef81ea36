import type { Message } from '#contract/conversations.ts';
import type { ChatRecords, ConversationRecord, MessageRecord } from '#domain/chat/chat-records.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import type { Collection, Doc } from '#platform/store/store.ts';
import type { Answer } from './answer.ts';
import type { Client } from './client.ts';
import type { Script } from './script.ts';
import { patiently } from './watch.ts';

/** One message as its sender knows it. */
export interface SentMessage {
  readonly client: string;
  readonly clientMessageId: string;
  readonly text: string;
  readonly script: Script;
  readonly stopAsked: boolean;
  /** Undefined: it was never acknowledged. */
  readonly runId: string | undefined;
  readonly traceId: string;
  /** All text and thinking that the reader has, in order; what `done` said; what broke the rules of the interface. */
  readonly received: readonly { readonly kind: string; readonly text: string }[];
  readonly done: Message | undefined;
  readonly breaches: readonly string[];
  readonly events: readonly string[];
}

/** All that a verdict is made from. */
export interface Evidence {
  readonly sent: readonly SentMessage[];
  readonly runs: readonly RunRecord[];
  readonly messages: readonly MessageRecord[];
  readonly conversations: readonly ConversationRecord[];
}

export async function gatherEvidence(records: ChatRecords, clients: readonly Client[]): Promise<Evidence> {
  const [runs, messages, conversations] = await Promise.all([
    readAll(records.runs),
    readAll(records.messages),
    readAll(records.conversations),
  ]);
  return { sent: clients.flatMap(({ answers }) => answers.map(asSent)), runs, messages, conversations };
}

const asSent = ({ client, request, script, stopAsked, run, traceId, transcript, breaches }: Answer): SentMessage => ({
  client,
  clientMessageId: request.clientMessageId,
  text: request.text,
  script,
  stopAsked,
  runId: run?.runId,
  traceId,
  received: transcript.parts,
  done: transcript.done?.message,
  breaches: [...breaches, ...transcript.breaches],
  events: transcript.events,
});

async function readAll<T extends Doc>(collection: Collection<T>): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await patiently(() => collection.find({ where: {}, limit: 500, cursor }));
    all.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return all;
}
