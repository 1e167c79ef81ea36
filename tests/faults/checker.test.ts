import { describe, expect, it } from 'vitest';
import { userMessageOf } from '#domain/chat/present-chat.ts';
import { answerMessageOf, presentMessage } from '#domain/runs/present-run.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { findBreaches } from './checker.ts';
import type { Evidence, SentMessage } from './evidence.ts';
import { messageOf, type Script, textOfCall, thinkingOf } from './script.ts';

const script: Script = { key: 'one', seed: 7, tokens: 40, thinking: 6, splitPairs: true, tokensPerSecond: 40 };

/** A run that ended as it should, of call `nonce` of the model server. */
function runOf(change: Partial<RunRecord> = {}, nonce = 2): RunRecord {
  const output = [
    { index: 0, kind: 'thinking' as const, text: thinkingOf(script) },
    { index: 1, kind: 'text' as const, text: textOfCall(script, nonce) },
  ];
  const run: RunRecord = {
    ...{ _id: 'run-1', ownerId: 'ada', conversationId: 'talk-1', userMessageId: 'asked-1', messageId: 'answered-1' },
    ...{ depth: 0, clientMessageId: 'sent-1', payloadHash: '', text: messageOf(script), model: 'scripted' },
    ...{ slot: 'run-1', status: 'complete', attempt: nonce, crashes: 0, leaseUntil: 0, stopRequested: false, output },
    ...{ length: 0, traceId: 'trace-1', createdAt: 1, endedAt: 2, settled: true },
    ...change,
  };
  return { ...run, length: change.length ?? run.output.reduce((sum, { text }) => sum + text.length, 0) };
}

const sentOf = (run: RunRecord, change: Partial<SentMessage> = {}): SentMessage => ({
  ...{ client: 'client-1', clientMessageId: run.clientMessageId, text: run.text, script, stopAsked: false },
  ...{ runId: run._id, traceId: run.traceId, received: run.output.map(({ kind, text }) => ({ kind, text })) },
  done: presentMessage(answerMessageOf(run)),
  ...{ breaches: [], events: [] },
  ...change,
});

/** What is found where everything is as these runs say, but for `change`. */
function evidenceOf(runs: readonly RunRecord[], change: Partial<Evidence> = {}): Evidence {
  const conversation = { ownerId: 'ada', title: '', titleSource: 'model', deleted: false, createdAt: 1 } as const;
  return {
    sent: runs.map((run) => sentOf(run)),
    runs,
    messages: runs.flatMap((run) => [userMessageOf(run), answerMessageOf(run)]),
    conversations: [...new Set(runs.map(({ conversationId }) => conversationId))].map((_id) => ({
      ...conversation,
      ...{ _id, updatedAt: 2 },
    })),
    ...change,
  };
}

const rulesBroken = (evidence: Evidence): string[] => [...new Set(findBreaches(evidence).map(({ rule }) => rule))];
const textPart = (text: string) => [{ index: 0, kind: 'text' as const, text }];

describe('findBreaches', () => {
  it('finds nothing where every promise was kept', () => {
    const stopped = runOf({
      ...{ _id: 'run-2', slot: 'run-2', clientMessageId: 'sent-2', userMessageId: 'asked-2', messageId: 'answered-2' },
      ...{ depth: 2, status: 'stopped', output: textPart(textOfCall({ ...script, thinking: 0 }, 1).slice(0, 9)) },
    });
    const evidence = evidenceOf([runOf(), stopped]);
    const sent = [sentOf(runOf()), sentOf(stopped, { stopAsked: true, script: { ...script, thinking: 0 } })];
    expect(findBreaches({ ...evidence, sent })).toEqual([]);
  });

  it('names the run, its trace and the place where a reader misses text', () => {
    const run = runOf();
    const [thinking, text] = sentOf(run).received;
    const received = [thinking, { kind: 'text', text: text?.text.slice(0, -3) ?? '' }].filter(
      (part) => part !== undefined,
    );
    const found = findBreaches(evidenceOf([run], { sent: [sentOf(run, { received })] }));
    expect(found).toMatchObject([{ rule: 'received equals stored', runId: 'run-1', traceId: 'trace-1' }]);
    expect(found[0]?.says).toContain(`${run.length - 3} units received, ${run.length} stored`);
  });

  it.each<[rule: string, evidence: Evidence]>([
    ['every run ends', evidenceOf([runOf({ status: 'running' })])],
    ['every run settles', evidenceOf([runOf({ settled: false })])],
    ['a run that ended frees its conversation', evidenceOf([runOf({ slot: 'talk-1' })])],
    ['a position counts units', evidenceOf([runOf({ length: 3 })])],
    ['only repeated deaths interrupt', evidenceOf([runOf({ status: 'interrupted', crashes: 1 })])],
    ['messages say what runs say', evidenceOf([runOf()], { messages: [userMessageOf(runOf())] })],
    ['two messages a run', evidenceOf([runOf()], { messages: doubled() })],
    ['no message twice', evidenceOf([runOf()], { messages: doubled() })],
    ['a run was sent', evidenceOf([runOf()], { sent: [] })],
    ['one conversation for each that was begun', evidenceOf([runOf()], { conversations: [] })],
    ['every send is acknowledged', withSent({ runId: undefined })],
    ['what was acknowledged exists', evidenceOf([], { sent: [sentOf(runOf())] })],
    ['what was acknowledged exists', withSent({ runId: 'run-0' })],
    ['every reader sees the end', withSent({ done: undefined })],
    ['readers follow the interface', withSent({ breaches: ['a delta does not follow'] })],
    ['done says what is stored', evidenceOf([runOf()], { sent: [sentOf(runOf(), { done: doneOf('stopped') })] })],
    ['only the model fails an answer', evidenceOf([runOf({ status: 'failed' })])],
    ['only the model fails an answer', withSent({ script: { ...script, fault: 'cut' } })],
    ['only people stop answers', evidenceOf([runOf({ status: 'stopped' })])],
  ])('names "%s"', (rule, evidence) => {
    expect(rulesBroken(evidence)).toContain(rule);
  });

  it('names a send that was answered twice', () => {
    const again = runOf({ _id: 'run-2', slot: 'run-2', userMessageId: 'asked-2', messageId: 'answered-2', depth: 2 });
    const evidence = evidenceOf([runOf(), again], { sent: [sentOf(runOf())] });
    expect(rulesBroken(evidence)).toEqual(['a send has one run']);
  });

  it('names an answer that is mixed from two attempts, even where its reader and the store agree on it', () => {
    const [first, second] = [textOfCall(script, 1), textOfCall(script, 2)];
    const mixed = `${first.slice(0, 60)}${second.slice(40)}`;
    const output = [
      { index: 0, kind: 'thinking' as const, text: thinkingOf(script) },
      { index: 1, kind: 'text' as const, text: mixed },
    ];
    expect(rulesBroken(evidenceOf([runOf({ output })]))).toEqual(['an answer is one call of the model']);
    const cut = evidenceOf([runOf({ output, status: 'stopped' })], {});
    const sent = [sentOf(runOf({ output, status: 'stopped' }), { stopAsked: true })];
    expect(rulesBroken({ ...cut, sent })).toEqual(['an answer is one call of the model']);
  });
});

const doneOf = (status: RunRecord['status']) => presentMessage(answerMessageOf(runOf({ status })));

function withSent(change: Partial<SentMessage>): Evidence {
  return evidenceOf([runOf()], { sent: [sentOf(runOf(), change)] });
}

function doubled(): Evidence['messages'] {
  const run = runOf();
  return [userMessageOf(run), answerMessageOf(run), { ...answerMessageOf(run), _id: 'answered-again' }];
}
