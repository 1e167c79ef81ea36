// One visit of one person: signs in, chats for some turns, looks at lists, compares everything with the store, goes.
import { listDuration, notCompared, visits } from '../result/metrics.js';
import { Answer } from './answer.js';
import { compareWithStore } from './compare.js';
import { composeMessage } from './message.js';
import { GaveUp, jsonOf, Session, SignedOut } from './session.js';
import { SocketClient } from './socket-client.js';
import { SseClient } from './sse-client.js';
import { about, chance, wait } from './waiting.js';

/** Messages until a new conversation is begun. */
const turnsInConversation = 3;
/** Whether the test is called off, while somebody thinks. */
const lookEveryMs = 2_000;

/**
 * @typedef {object} Plan
 * @property {string} name
 * @property {boolean} sse
 * @property {(turn: number) => boolean} cuts Whether the answer of this turn is cut.
 * @property {() => Promise<boolean>} stays Whether another message is written.
 */

/**
 * @param {import('../settings.js').Settings} settings
 * @param {Plan} plan
 */
export async function visit(settings, plan) {
  const session = new Session(settings.url);
  await session.signIn(plan.name, Date.now() + settings['answer-limit']);
  visits.add(1);
  const client = plan.sse ? new SseClient(session) : new SocketClient(session);
  /** @type {Answer[]} */
  const answers = [];
  try {
    await client.open();
    for (let turn = 0; turn < settings.turns && (turn === 0 || (await plan.stays())); turn += 1) {
      const before = turn % turnsInConversation === 0 ? undefined : answers[answers.length - 1];
      // A conversation whose last answer never ended takes no further message: the next one begins its own.
      const conversationId = before?.ended ? before.run?.conversationId : undefined;
      const answer = new Answer({
        ...composeMessage(settings),
        conversationId,
        cut: plan.cuts(turn),
        limitMs: settings['answer-limit'],
      });
      answers.push(answer);
      try {
        await client.follow(answer);
      } finally {
        answer.conclude();
      }
      if (chance(settings.lists)) await lookAtLists(session, answer, settings['answer-limit']);
      await think(about(settings.think), plan.stays);
    }
    client.close();
    await compareWithStore(session, answers, settings['answer-limit']);
  } catch (error) {
    // Both were counted where they happened; the person comes again as somebody new.
    if (!(error instanceof SignedOut || error instanceof GaveUp)) throw error;
    console.error(`a visit ended early: ${error.message}`);
  } finally {
    client.close();
    notCompared.add(answers.filter(({ ended, compared }) => ended && !compared).length);
  }
}

/**
 * Reads, thinks and writes; not to the end where nobody stays for another message.
 * @param {number} ms
 * @param {Plan['stays']} stays
 */
async function think(ms, stays) {
  for (let left = ms; ; left -= lookEveryMs) {
    await wait(Math.min(left, lookEveryMs));
    if (left <= lookEveryMs || !(await stays())) return;
  }
}

/**
 * @param {Session} session
 * @param {Answer} answer
 * @param {number} limitMs
 */
async function lookAtLists(session, answer, limitMs) {
  const conversation = answer.run && `/api/conversations/${answer.run.conversationId}`;
  const paths = ['/api/me', '/api/models', '/api/conversations', ...(conversation ? [conversation] : [])];
  for (const path of paths) {
    const reply = await session.insist({ method: 'GET', path }, Date.now() + limitMs);
    listDuration.add(reply.timings.duration);
    jsonOf(reply);
  }
}
