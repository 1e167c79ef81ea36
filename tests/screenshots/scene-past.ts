import { randomUUID } from 'node:crypto';
import { openAccountRecords } from '#domain/accounts/account-records.ts';
import { type AuditRecord, auditCollection } from '#domain/audit/audit-records.ts';
import { openChatRecords } from '#domain/chat/chat-records.ts';
import { hourKey, hourOf, openUsageRecords, type UsageHour } from '#domain/usage/usage-records.ts';
import type { Store } from '#platform/store/store.ts';

const dayMs = 24 * 3_600_000;

export interface Past {
  /** Milliseconds since the epoch: what all of it is before. */
  readonly now: number;
  readonly people: readonly { readonly id: string }[];
  readonly adminId: string;
  /** Conversations that were some days ago. */
  readonly older: readonly { readonly id: string; readonly daysAgo: number }[];
  /** The conversation whose last answer is to be interrupted. */
  readonly interrupted: string;
}

/** Writes what was before the scenes into the store, where no request can: past usage, the audit log, and when things were. */
export async function writePast(store: Store, past: Past): Promise<void> {
  await moveBack(store, past);
  await interrupt(store, past.interrupted);
  await openUsageRecords(store).hours.insertMissing(usageOf(past));
  await store.collection<AuditRecord>(auditCollection).insertMissing(auditOf(past));
}

async function moveBack(store: Store, { now, people, older }: Past): Promise<void> {
  const { conversations, messages, runs } = openChatRecords(store);
  for (const { id, daysAgo } of older) {
    const at = now - daysAgo * dayMs;
    await conversations.update(id, { set: { createdAt: at - 60_000, updatedAt: at } });
    const { items } = await messages.find({ where: { conversationId: id }, limit: 100 });
    for (const { _id, depth, endedAt } of items)
      await messages.update(_id, {
        set: { createdAt: at + depth * 1_000, ...(endedAt && { endedAt: at + depth * 9_000 }) },
      });
    const found = await runs.find({ where: { conversationId: id }, limit: 100 });
    for (const { _id, depth } of found.items)
      await runs.update(_id, { set: { createdAt: at + depth * 1_000, endedAt: at + depth * 9_000 } });
  }
  const { people: records } = openAccountRecords(store);
  for (const [index, { id }] of people.entries())
    await records.update(id, { set: { createdAt: now - (70 - index * 9) * dayMs } });
}

/** As an answer stands after its workers died over it again and again. */
async function interrupt(store: Store, conversationId: string): Promise<void> {
  const { messages, runs } = openChatRecords(store);
  const found = await runs.find({ where: { conversationId }, limit: 1 });
  const [run] = found.items;
  if (!run) throw new Error('There is no answer to interrupt.');
  const error = {
    code: 'answer_interrupted',
    message: 'The answer was cut off by repeated failures on our side. You can retry it.',
    traceId: run.traceId,
  } as const;
  const set = { status: 'interrupted', error } as const;
  await runs.update(run._id, { set });
  await messages.update(run.messageId, { set });
}

/** From 0 up to 1, the same at each run for the same place: no scene depends on chance. */
const varied = (place: number): number => {
  const wave = Math.sin(place * 12.9898) * 43_758.5453;
  return wave - Math.floor(wave);
};

/** Thirty days of each person: mornings and evenings, more on weekends, less of those who come last. */
function usageOf({ now, people }: Past): UsageHour[] {
  const hours: UsageHour[] = [];
  for (const [index, { id: personId }] of people.entries()) {
    for (let day = 30; day >= 1; day -= 1) {
      for (const [time, weight] of [
        [8, 0.6],
        [19, 1],
      ] as const) {
        const share = varied(index * 1_000 + day * 10 + time);
        if (share < 0.15 + index * 0.08) continue;
        const hour = hourOf(now - day * dayMs) - (hourOf(now) % dayMs) + time * 3_600_000;
        const weekend = [0, 6].includes(new Date(hour).getUTCDay()) ? 1.5 : 1;
        const messages = Math.max(1, Math.round((9 - index) * weight * share * weekend));
        hours.push(...hourOfPerson({ personId, hour, messages, share }));
      }
    }
  }
  return hours;
}

function hourOfPerson(of: { personId: string; hour: number; messages: number; share: number }): UsageHour[] {
  const { personId, hour, messages, share } = of;
  const base = { personId, hour, lastAt: hour + 3_000_000, version: 1, folding: [] };
  const failedAnswers = share > 0.93 ? 1 : 0;
  const answers = messages - failedAnswers;
  const quick = Math.ceil(answers * 0.7);
  const [inputTokens, outputTokens] = [
    messages * Math.round(900 + 700 * share),
    messages * Math.round(250 + 200 * share),
  ];
  const withModel = (model: string): UsageHour => ({
    ...base,
    _id: randomUUID(),
    key: hourKey({ personId, hour, model }),
    model,
    counts: {
      messages,
      answers,
      failedAnswers,
      conversations: Math.ceil(messages / 3),
      stories: share > 0.8 ? 1 : 0,
      inputTokens,
      outputTokens,
      costNanos: inputTokens * 400 + outputTokens * 1_600,
      responseMs: quick * 1_700 + (answers - quick) * 4_200,
      le2000: quick,
      le5000: answers - quick,
    },
  });
  const requests = { requests: messages * 7, errors: failedAnswers };
  return [
    withModel('evening-large'),
    { ...base, _id: randomUUID(), key: hourKey({ personId, hour, model: '' }), model: '', counts: requests },
  ];
}

function auditOf({ now, people, adminId }: Past): AuditRecord[] {
  const entries: AuditRecord[] = [];
  const add = (daysAgo: number, entry: Pick<AuditRecord, 'action'> & Partial<AuditRecord>) => {
    const traceId = randomUUID().replaceAll('-', '');
    const at = now - Math.round(daysAgo * dayMs);
    entries.push({ _id: randomUUID(), at, outcome: 'success', details: {}, address: '192.0.2.17', traceId, ...entry });
  };
  for (const [index, { id }] of people.entries()) {
    for (let day = 1 + index; day < 30; day += 3 + index)
      add(day + varied(day + index) / 3, { action: 'sign_in', actorId: id, address: `192.0.2.${20 + index}` });
    add(25 - index * 2, { action: 'email_verify', actorId: id, subjectId: id });
  }
  const [first, second] = people;
  add(21, { action: 'sign_in', outcome: 'failure', details: { reason: 'wrong_credentials' }, address: '198.51.100.7' });
  add(20.9, {
    action: 'sign_in',
    outcome: 'failure',
    details: { reason: 'wrong_credentials' },
    address: '198.51.100.7',
  });
  if (first)
    add(18, { action: 'role_change', actorId: adminId, subjectId: first.id, details: { from: 'user', to: 'manager' } });
  if (second) add(11, { action: 'budget_change', actorId: adminId, subjectId: second.id, details: { to: 150_000 } });
  add(7, { action: 'settings_change', actorId: adminId, details: { storiesPerDay: 5 } });
  return entries;
}
