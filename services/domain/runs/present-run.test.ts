import { expect, it } from 'vitest';
import { message } from '#contract/conversations.ts';
import { answerMessageOf, presentMessage } from './present-run.ts';
import { runRecord } from './run-record.fixture.ts';

const traceId = 'a'.repeat(32);

it('presents an answer with the trace of its request, and with its end once it has ended', () => {
  const run = runRecord({ traceId, createdAt: 0 });
  expect(presentMessage(answerMessageOf(run))).toMatchObject({ status: 'running', traceId });
  expect(presentMessage(answerMessageOf(run))).not.toHaveProperty('endedAt');
  const ended = { ...run, status: 'complete', endedAt: 1_500 } as const;
  expect(presentMessage(answerMessageOf(ended))).toMatchObject({ traceId, endedAt: '1970-01-01T00:00:01.500Z' });
});

it('presents messages that releases before kept without either', () => {
  const {
    traceId: _trace,
    endedAt: _end,
    ...kept
  } = answerMessageOf(runRecord({ status: 'complete', traceId, endedAt: 1_500 }));
  const presented = presentMessage(kept);
  expect(message.parse(presented)).toEqual(presented);
  expect(presented).not.toHaveProperty('traceId');
  expect(presented).not.toHaveProperty('endedAt');
});

it('says nothing of a trace where a run has none', () => {
  expect(presentMessage(answerMessageOf(runRecord({ traceId: '' })))).not.toHaveProperty('traceId');
});
