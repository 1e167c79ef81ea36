import type { JobData } from '#contract/jobs.ts';
import { countTokens } from '#domain/runs/conclude-run.ts';
import { partsOf, textOf } from '#domain/runs/output.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { tellPerson } from '#domain/runs/tell-person.ts';
import type { ChatPorts } from './chat-ports.ts';

const longestTitle = 60;
const excerptLength = 2_000;
/** UTF-16 units after which a model that was asked for six words, and may think before, is not listened to any more. */
const longestReply = 20_000;
const askForTitle =
  'Write a title for this conversation, in its own language: at most six words, no quotation marks, no full stop. Answer with the title alone.';

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]?.trim() ?? '';

/** The first line of a message, cut at a word: what a conversation is called until a model names it. */
export function provisionalTitle(text: string): string {
  const line = firstLine(text);
  if (line.length <= longestTitle) return line;
  const cut = line.slice(0, longestTitle - 1).replace(/[\ud800-\udbff]$/, '');
  const atWord = cut.replace(/\s+\S*$/u, '');
  return `${(atWord.length > longestTitle / 2 ? atWord : cut).trimEnd()}…`;
}

/** Asks the model for a title from the first exchange; a title that a person chose stays. */
export async function writeTitle(
  chat: ChatPorts,
  { conversationId, runId }: JobData<'title'>,
  signal: AbortSignal,
): Promise<void> {
  const [conversation, run] = await Promise.all([
    chat.records.conversations.get(conversationId),
    chat.records.runs.get(runId),
  ]);
  if (!conversation || !run || conversation.deleted || conversation.titleSource !== 'provisional') return;
  const title = await askTitle(chat, run, signal);
  if (title === '') return;
  const change = { set: { title, titleSource: 'model' } };
  const named = await chat.records.conversations.update(conversationId, change, {
    titleSource: 'provisional',
    deleted: false,
  });
  if (named) await tellPerson(chat, named.ownerId, { kind: 'conversation_changed', conversationId, title });
}

async function askTitle(chat: ChatPorts, { model, text, output }: RunRecord, signal: AbortSignal): Promise<string> {
  const messages = [
    { role: 'system', content: askForTitle },
    { role: 'user', content: excerpt(text) },
    { role: 'assistant', content: excerpt(textOf(partsOf(output))) },
    { role: 'user', content: 'Write the title of this conversation now.' },
  ] as const;
  let answer = '';
  let length = 0;
  const tooLong = new AbortController();
  const cancelLimit = chat.clock.after(chat.settings.maxRunMs, () =>
    tooLong.abort(new Error('The title took longer than the longest answer.')),
  );
  try {
    const ends = AbortSignal.any([signal, tooLong.signal]);
    for await (const event of chat.models.stream({ model, messages, signal: ends, maxOutputTokens: 60 })) {
      if (event.type === 'finish') countTokens(chat.metrics, event.model, event.usage);
      else {
        length += event.text.length;
        if (length > longestReply) return '';
        if (event.kind === 'text') answer += event.text;
      }
    }
  } finally {
    cancelLimit();
  }
  return provisionalTitle(visible(firstLine(answer)).replace(/^["'“„«\s]+|["'”“»\s.]+$/gu, ''));
}

/** Without control characters and those that turn the direction of what follows, which a title would carry into the lists around it. */
const visible = (text: string): string => text.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');

const excerpt = (text: string): string => text.slice(0, excerptLength).toWellFormed();
