import { partsOf, textOf } from '#domain/runs/output.ts';
import { replyShare } from '#domain/runs/reserve-run.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { AppError } from '#platform/errors.ts';
import { type ChatMessage, estimateTokens } from '#platform/models/models.ts';
import type { ChatTools } from './chat-ports.ts';

/** What each message costs beside its text: role and separators. */
const tokensPerMessage = 4;

/**
 * What the model is given: the system text, then as many of the last messages of the branch as the settings and the model's
 * context allow, then the person's message. Throws `context_exceeded` where even that alone is too long.
 */
export async function buildContext(chat: ChatTools, run: RunRecord): Promise<ChatMessage[]> {
  const { systemText, contextMessages } = chat.settings;
  const system: ChatMessage[] = systemText === '' ? [] : [{ role: 'system', content: systemText }];
  const question: ChatMessage = { role: 'user', content: run.text };
  const contextTokens = chat.models.get(run.model)?.contextTokens ?? Number.POSITIVE_INFINITY;
  let left = contextTokens * (1 - replyShare) - cost([...system, question]);
  if (left < 0) {
    throw new AppError(
      'context_exceeded',
      `This message is longer than ${run.model} can read. Shorten it, or choose a model with a larger context.`,
    );
  }
  const history: ChatMessage[] = [];
  for (const message of await readBranch(chat, run, contextMessages)) {
    left -= cost([message]);
    if (left < 0) break;
    history.unshift(message);
  }
  return [...system, ...history, question];
}

const cost = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, { content }) => sum + estimateTokens(content) + tokensPerMessage, 0);

/**
 * The messages before the person's on its branch, the nearest first; empty answers are left out. Read from the runs, which are
 * the record: the copy of an answer may not be written yet.
 */
async function readBranch(chat: ChatTools, run: RunRecord, limit: number): Promise<ChatMessage[]> {
  if (run.parentId === undefined || limit === 0) return [];
  const { items } = await chat.records.runs.find({
    where: { conversationId: run.conversationId, depth: { lt: run.depth, gte: run.depth - limit - 1 } },
    sort: { by: ['depth'], direction: 'desc' },
    limit: 1_000,
    fields: ['messageId', 'parentId', 'text', 'output'],
  });
  const byAnswer = new Map(items.map((earlier) => [earlier.messageId, earlier]));
  const branch: ChatMessage[] = [];
  for (let at = byAnswer.get(run.parentId); at && branch.length < limit; at = byAnswer.get(at.parentId ?? '')) {
    const answer = textOf(partsOf(at.output));
    if (answer !== '') branch.push({ role: 'assistant', content: answer });
    branch.push({ role: 'user', content: at.text });
  }
  return branch.slice(0, limit);
}
