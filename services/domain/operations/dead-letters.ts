import type { z } from 'zod';
import type { deadLetterList } from '#contract/administration.ts';
import type { Actor } from '#domain/audit/actor.ts';
import type { Audit } from '#domain/audit/audit.ts';
import { notFound } from '#platform/errors.ts';
import type { DeadLetter, Queue, QueueSpec } from '#platform/queue/queue.ts';

/** Of each queue. */
const listed = 100;
const maxErrorLength = 500;

export interface DeadLetterPorts {
  readonly queue: Queue;
  readonly audit: Audit;
  /** Every queue that jobs of this release go to. */
  readonly queues: readonly QueueSpec<unknown>[];
}

/** Jobs whose every try failed, of all queues, the latest first: up to 100 of each. */
export async function listDeadLetters({ queue, queues }: DeadLetterPorts): Promise<z.output<typeof deadLetterList>> {
  const found = await Promise.all(
    queues.map(async (spec) => (await queue.deadLetters(spec, listed)).map((letter) => ({ letter, queue: spec.name }))),
  );
  const sorted = found.flat().toSorted((a, b) => b.letter.diedAt - a.letter.diedAt);
  return { items: sorted.map(({ letter, queue: name }) => present(name, letter)) };
}

/** Puts a dead letter back into its queue. Throws `not_found`. */
export async function retryDeadLetter(
  { queue, queues, audit }: DeadLetterPorts,
  actor: Actor,
  { queue: name, id }: { readonly queue: string; readonly id: string },
): Promise<void> {
  const spec = queues.find((each) => each.name === name);
  if (!spec || !(await queue.retryDeadLetter(spec, id))) throw notFound('dead letter');
  const entry = { action: 'dead_letter_retry', outcome: 'success', actorId: actor.id, subjectId: id } as const;
  await audit.record({ ...entry, details: { queue: name }, address: actor.address });
}

const present = (queue: string, { id, data, attempts, error, diedAt }: DeadLetter) => ({
  id,
  queue,
  subject: subjectOf(data),
  attempts,
  error: withoutAddresses(error).slice(0, maxErrorLength),
  failedAt: new Date(diedAt).toISOString(),
});

/** What a job is about: the ids in it and of what kind it is. Nothing else that it may carry leaves. */
function subjectOf(data: unknown): Record<string, string> {
  if (typeof data !== 'object' || data === null) return {};
  const tells = ([name, value]: [string, unknown]) => /^(id|\w*Id|kind)$/.test(name) && typeof value === 'string';
  return Object.fromEntries(
    Object.entries(data)
      .filter(tells)
      .map(([name, value]) => [name, String(value)]),
  );
}

/** Mail servers repeat the address that they refuse. */
const withoutAddresses = (text: string): string => text.replaceAll(/[^\s@<>"]+@[^\s@<>"]+/g, '(address)');
