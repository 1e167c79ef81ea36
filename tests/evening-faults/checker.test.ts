import { describe, expect, it } from 'vitest';
import type { RunRecord } from '#domain/runs/run-records.ts';
import type { ScheduleRecord } from '#domain/schedules/schedule-records.ts';
import type { StoryRecord } from '#domain/stories/story-records.ts';
import type { BudgetRecord } from '#domain/usage/budget-records.ts';
import { findBreaches } from './checker.ts';
import type { Evidence, KeptBlob } from './evidence.ts';
import type { Copy } from './mails.ts';

const at = 1_000_000;
const done = { state: 'ready', tries: 1, at } as const;
const cue = (part: number, from: number, to: number, start: number, end: number) => ({ part, from, to, start, end });
const cues = [cue(-1, 0, 4, 0.1, 0.9), cue(0, 0, 5, 1, 2), cue(0, 6, 9, 2.5, 3)];

const story = (change: Partial<StoryRecord> = {}): StoryRecord => ({
  ...{ _id: 'story-1', ownerId: 'ada', runId: 'run-1', status: 'ready', scheduleId: 'schedule-1', scheduledFor: at },
  ...{ language: 'en', readerName: 'Mila', characters: [], scenes: [], following: false, linkVersion: 1, shared: true },
  told: {
    ...{ title: 'Moon', parts: ['Once.', 'Then.'], summary: 's', moral: 'm', pictureAlt: 'a', picturePrompt: 'p' },
    moderation: 'provider',
  },
  followUps: { narration: done, picture: done, mail: done, notice: done },
  picture: { blobId: 'story-1-picture-1', mediaType: 'image/png' },
  narration: { blobId: 'story-1-narration-1', mediaType: 'audio/mpeg', seconds: 3.5, cues },
  ...{ expiresAt: 9e12, deleted: false, traceId: 't', createdAt: at, endedAt: at },
  ...change,
});

const run = (change: Partial<RunRecord> = {}): RunRecord => ({
  ...{ _id: 'run-1', ownerId: 'ada', kind: 'story', conversationId: 'story-1', userMessageId: 'u', messageId: 'm' },
  ...{ depth: 0, clientMessageId: 'c', payloadHash: '', text: '', model: 'scripted', slot: 'run-1', attempt: 2 },
  ...{ status: 'complete', crashes: 1, leaseUntil: 0, stopRequested: false, length: 16, traceId: 't', createdAt: at },
  output: [
    { index: 0, kind: 'title', text: 'Moon' },
    { index: 1, kind: 'text', text: 'Once.\n\nThen.' },
  ],
  ...{ endedAt: at, settled: true },
  ...change,
});

const schedule = (change: Partial<ScheduleRecord> = {}): ScheduleRecord => ({
  ...{ _id: 'schedule-1', ownerId: 'ada', slot: 0, name: 'Mila', timing: { kind: 'cron', cron: '0 19 * * *' } },
  settings: { readerName: 'Mila', readerAge: 6, language: 'en', minutes: 3, themes: [], avoid: [], style: '' },
  ...{ timeZone: 'UTC', characterIds: [], sceneIds: [], idea: '', mail: true, paused: false, version: 1, createdAt: 0 },
  last: { at, outcome: 'begun', storyId: 'story-1' },
  ...change,
});

const blob = (id: string, change: Partial<KeptBlob> = {}): KeptBlob => ({
  ...{ id, mediaType: 'image/png', size: 5, sha256: 'abc', writtenAt: at, read: { size: 5, sha256: 'abc' } },
  ...change,
});
const voice = (heard: KeptBlob['heard'] = { seconds: 3.4, problems: '' }) =>
  blob('story-1-narration-1', { mediaType: 'audio/mpeg', heard });
const picture = blob('story-1-picture-1');

const copy = (change: Partial<Copy> = {}): Copy => ({
  ...{ storyId: 'story-1', messageId: '<story-story-1@lamplight.test>', to: ['ada@lamplight.test'], at, pid: 7 },
  answered: true,
  ...change,
});

const budget = (change: Partial<BudgetRecord> = {}): BudgetRecord => ({
  ...{ _id: 'ada', days: { '2026-01-01': { committed: 9, held: 9 } }, reservations: {}, released: {}, running: 0 },
  openedAt: at,
  ...change,
});

const read = { runId: 'run-1', done: true, breaches: [], parts: partsOf('Moon', 'Once.\n\nThen.') };

function partsOf(title: string, text: string) {
  return [
    { kind: 'title', text: title },
    { kind: 'text', text },
  ];
}

const evidence = (change: Partial<Evidence> = {}): Evidence => ({
  ...{ schedules: [schedule()], stories: [story()], runs: [run()], budgets: [budget()], reads: [read] },
  ...{ places: [{ _id: 'places', count: 0, taken: {} }], blobs: [voice(), picture], swept: 3, unswept: 0 },
  ...{ copies: [copy()], between: new Map(), counted: new Map([['ada', 1]]) },
  dueAt: new Map([['schedule-1', at]]),
  addresses: new Map([['schedule-1', 'ada@lamplight.test']]),
  ...change,
});

const rulesBroken = (change: Partial<Evidence>) => [...new Set(findBreaches(evidence(change)).map(({ rule }) => rule))];
const following = (name: 'narration' | 'mail', state: 'failed' | 'pending') =>
  story({ followUps: { narration: done, picture: done, mail: done, notice: done, [name]: { ...done, state } } });
const told = (seconds: number, order = cues) =>
  story({ narration: { blobId: 'story-1-narration-1', mediaType: 'audio/mpeg', seconds, cues: order } });

describe('findBreaches', () => {
  it('finds nothing where every promise was kept', () => {
    expect(findBreaches(evidence())).toEqual([]);
  });

  it('allows one delivery more for each kill between the answer and the store, and copies without an answer', () => {
    const copies = [copy(), copy(), copy({ answered: false })];
    expect(findBreaches(evidence({ copies, between: new Map([['story-1', 1]]) }))).toEqual([]);
  });

  it.each<[rule: string, change: Partial<Evidence>]>([
    ['one story a schedule and time', { stories: [], runs: [], blobs: [], copies: [], counted: new Map() }],
    ['one story a schedule and time', { stories: [story(), story({ _id: 'story-2' })] }],
    ['one story a schedule and time', { stories: [story({ scheduledFor: at + 1 })] }],
    ['one story a schedule and time', { stories: [story(), story({ _id: 'story-2', scheduleId: 'schedule-2' })] }],
    ['one story a schedule and time', { schedules: [schedule({ last: { at, outcome: 'late' } })] }],
    [
      'one story a schedule and time',
      { schedules: [schedule({ due: { at, storyId: 'story-1', runId: 'run-1', claimedAt: at } })] },
    ],
    ['every story is ready', { stories: [story({ status: 'failed' })] }],
    ['every story comes to rest', { stories: [story({ following: true })] }],
    ['all that follows is done', { stories: [following('narration', 'failed')] }],
    ['all that follows is done', { stories: [following('mail', 'pending')] }],
    ['a story has its run', { runs: [] }],
    ['one run a story', { runs: [run(), run({ _id: 'run-2' })] }],
    ['a run ends once', { runs: [run({ status: 'interrupted' })] }],
    ['a run ends once', { runs: [run({ settled: false })] }],
    ['the story is what was written', { runs: [run({ output: [{ index: 0, kind: 'title', text: 'Moon' }] })] }],
    ['readers see it written', { reads: [] }],
    ['readers see it written', { reads: [{ ...read, done: false }] }],
    ['readers see it written', { reads: [{ ...read, parts: partsOf('Moon', 'Once.') }] }],
    ['readers follow the interface', { reads: [{ ...read, breaches: ['a delta does not follow'] }] }],
    ['one voice, one picture', { blobs: [voice()] }],
    ['one voice, one picture', { blobs: [voice(), picture, blob('story-1-narration-2')] }],
    ['a blob is whole', { blobs: [voice(), { ...picture, read: { size: 4, sha256: 'abc' } }] }],
    ['a blob is whole', { blobs: [voice(), { ...picture, read: { size: 5, sha256: 'abd' } }] }],
    ['a voice can be followed', { blobs: [voice({ seconds: 2.4, problems: '' }), picture] }],
    ['a voice can be followed', { blobs: [voice({ seconds: 3.4, problems: 'Header missing' }), picture] }],
    ['a voice can be followed', { stories: [told(3.5, cues.toReversed())] }],
    ['a voice can be followed', { stories: [told(3.5, [])] }],
    ['a voice can be followed', { stories: [told(2.9)] }],
    ['one delivery of each mail', { copies: [] }],
    ['one delivery of each mail', { copies: [copy({ answered: false })] }],
    ['one delivery of each mail', { copies: [copy(), copy()] }],
    ['one delivery of each mail', { copies: [copy(), copy(), copy()], between: new Map([['story-1', 1]]) }],
    ['every copy has the same Message-ID', { copies: [copy(), copy({ answered: false, messageId: '<x@y>' })] }],
    ['a mail goes to its person', { copies: [copy({ to: ['bo@lamplight.test'] })] }],
    ['a mail has its story', { copies: [copy(), copy({ storyId: 'story-9' })] }],
    ['no blob that nothing refers to', { blobs: [voice(), picture, blob('story-9-picture-1')] }],
    ['no blob that nothing refers to', { unswept: 1 }],
    ['no place is left taken', { places: [{ _id: 'places', count: 1, taken: { 'run-1': at } }] }],
    ['nothing of a budget is held', { budgets: [budget({ running: 1 })] }],
    ['nothing of a budget is held', { budgets: [budget({ days: { '2026-01-01': { committed: 9, held: 10 } } })] }],
    ['usage counts each story once', { counted: new Map([['ada', 2]]) }],
    ['usage counts each story once', { counted: new Map() }],
  ])('names "%s"', (rule, change) => {
    expect(rulesBroken(change)).toContain(rule);
  });

  it('names the story and its run', () => {
    expect(findBreaches(evidence({ copies: [] }))).toMatchObject([{ storyId: 'story-1', runId: 'run-1' }]);
  });
});
