import type { RunRecord } from './run-records.ts';

/** A run as it was sent a moment ago, for tests that begin in the middle. */
export const runRecord = (changes: Partial<RunRecord> = {}): RunRecord => ({
  _id: 'run',
  ownerId: 'ada',
  conversationId: 'talk',
  userMessageId: 'question',
  messageId: 'answer',
  depth: 0,
  clientMessageId: 'sent',
  payloadHash: 'hash',
  text: 'Hello',
  model: 'scripted',
  slot: 'talk',
  status: 'queued',
  attempt: 0,
  crashes: 0,
  leaseUntil: 0,
  stopRequested: false,
  output: [],
  length: 0,
  traceId: '',
  createdAt: 1_700_000_000_000,
  settled: false,
  ...changes,
});
