// Compares what one person received in a visit with what is stored.
import { answersExact, duplicates, textMismatch } from '../result/metrics.js';
import { GaveUp, jsonOf } from './session.js';
import { textOf } from './transcript.js';
import { wait } from './waiting.js';

/** @typedef {import('./answer.js').Answer} Answer */
/** @typedef {import('#contract/conversations.ts').Message} Message */

/**
 * @param {import('./session.js').Session} session
 * @param {readonly Answer[]} answers
 * @param {number} limitMs How long the store may take to be reached, and to hold what was said to be done.
 */
export async function compareWithStore(session, answers, limitMs) {
  const conversations = new Set(answers.flatMap(({ run }) => run?.conversationId ?? []));
  for (const id of conversations) {
    const inIt = answers.filter(({ run }) => run?.conversationId === id);
    const ended = inIt.filter((answer) => answer.ended);
    try {
      const messages = await readSettled(session, id, { ended, deadline: Date.now() + limitMs });
      for (const answer of ended) compareAnswer(answer, messages);
      countDuplicates(messages, inIt);
    } catch (error) {
      // Whoever visits counts what was not compared.
      if (!(error instanceof GaveUp)) throw error;
      console.error(`not compared: conversation ${id}: ${error.message}`);
    }
  }
}

/**
 * The messages of a conversation, once all answers that ended are there as ended.
 * @param {import('./session.js').Session} session
 * @param {string} id
 * @param {{ ended: readonly Answer[], deadline: number }} what
 */
async function readSettled(session, id, { ended, deadline }) {
  for (;;) {
    const messages = await readAll(session, id, deadline);
    const open = ended.filter(({ run }) => {
      const stored = messages.find((message) => message.id === run?.messageId);
      return !stored || stored.status === 'running';
    });
    if (open.length === 0 || Date.now() > deadline) return messages;
    await wait(1_000);
  }
}

/**
 * @param {import('./session.js').Session} session
 * @param {string} id
 * @param {number} deadline
 * @returns {Promise<Message[]>}
 */
async function readAll(session, id, deadline) {
  /** @type {Message[]} */
  const messages = [];
  for (let cursor = ''; ; ) {
    const path = `/api/conversations/${id}/messages?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const page = jsonOf(await session.insist({ method: 'GET', path }, deadline));
    messages.push(...page.items);
    if (page.nextCursor === undefined) return messages;
    cursor = page.nextCursor;
  }
}

/**
 * @param {Answer} answer
 * @param {readonly Message[]} messages
 */
function compareAnswer(answer, messages) {
  const { transcript, run, expected } = answer;
  const stored = messages.find(({ id }) => id === run?.messageId);
  if (!stored) {
    console.error(`not compared: message ${run?.messageId} of run ${run?.runId} is not stored`);
    return;
  }
  answer.compared = true;
  const storedParts = stored.parts ?? (stored.text === '' ? [] : [{ kind: 'text', text: stored.text }]);
  const wrong = [...transcript.breaches];
  if (JSON.stringify(storedParts) !== JSON.stringify(transcript.parts) || stored.text !== transcript.text)
    wrong.push(difference(transcript.text, textOf(/** @type {typeof transcript.parts} */ (storedParts))));
  if (stored.status !== transcript.done?.message.status)
    wrong.push(`it is stored as ${stored.status}, told was ${transcript.done?.message.status}`);
  if (stored.status === 'complete' && expected && !expected(stored.text))
    wrong.push('the text is not what the model said');
  if (wrong.length === 0) {
    answersExact.add(1);
    return;
  }
  textMismatch.add(1);
  console.error(`mismatch: run ${run?.runId}: ${wrong.slice(0, 3).join('; ')}`);
}

/**
 * @param {string} received
 * @param {string} stored
 */
function difference(received, stored) {
  let at = 0;
  while (at < received.length && received[at] === stored[at]) at += 1;
  const around = (/** @type {string} */ text) => JSON.stringify(text.slice(Math.max(0, at - 10), at + 10));
  return `${received.length} units received, ${stored.length} stored, at ${at} ${around(received)} for ${around(stored)}`;
}

/**
 * Each message has one answer, and nothing is in the conversation that was not asked for. A message that was never
 * acknowledged may have arrived all the same, so those are allowed for.
 * @param {readonly Message[]} messages
 * @param {readonly Answer[]} answers
 */
function countDuplicates(messages, answers) {
  const replies = messages.filter(({ role }) => role === 'assistant');
  const known = new Set(answers.map(({ run }) => run?.messageId));
  const parents = new Set(replies.map(({ parentId }) => parentId));
  const strange = replies.filter(({ id }) => !known.has(id));
  const twice = replies.length - parents.size;
  if (strange.length + twice === 0) return;
  duplicates.add(Math.max(strange.length, twice));
  console.error(`duplicates: ${strange.map(({ id }) => id).join(' ')} in conversation ${messages[0]?.conversationId}`);
}
