import { isDeepStrictEqual } from 'node:util';
import { partsOf } from '#domain/runs/output.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import type { ScheduleRecord } from '#domain/schedules/schedule-records.ts';
import type { StoryRecord } from '#domain/stories/story-records.ts';
import type { Evidence, KeptBlob } from './evidence.ts';

/** A promise that was broken, and whose story it is about. */
export interface Breach {
  readonly rule: string;
  readonly says: string;
  readonly storyId?: string | undefined;
  readonly runId?: string | undefined;
}

/** Seconds by which a voice may be longer or shorter than its story says. */
const heardWithin = 1;

/** Every way in which what is kept, and what went out, breaks a promise; empty where all were kept. */
export function findBreaches(evidence: Evidence): Breach[] {
  const runs = new Map(evidence.runs.map((run) => [run._id, run]));
  return [
    ...evidence.schedules.flatMap((schedule) => checkSchedule(schedule, evidence)),
    ...evidence.stories.flatMap((story) => [
      ...checkStory(story, runs.get(story.runId), evidence),
      ...checkMedia(story, evidence),
      ...checkMail(story, evidence),
    ]),
    ...checkNothingElse(evidence),
    ...checkUsage(evidence),
  ];
}

const about = ({ _id, runId }: Pick<StoryRecord, '_id' | 'runId'>) => ({ storyId: _id, runId });

function checkSchedule(schedule: ScheduleRecord, { stories, dueAt }: Evidence): Breach[] {
  const rule = 'one story a schedule and time';
  const its = stories.filter(({ scheduleId }) => scheduleId === schedule._id);
  const [story] = its;
  const { last, due } = schedule;
  const told = { storyId: last?.storyId ?? due?.storyId ?? story?._id, runId: due?.runId ?? story?.runId };
  const breach = (says: string): Breach => ({ rule, says: `${schedule.name}: ${says}`, ...told });
  const at = dueAt.get(schedule._id);
  return [
    ...(its.length === 1 ? [] : [breach(`${its.length} stories`)]),
    ...(its.every(({ scheduledFor }) => scheduledFor === at) ? [] : [breach('a story for another time')]),
    ...(due ? [breach('it is due yet')] : []),
    ...(last?.at === at && last?.outcome === 'begun' && last.storyId === story?._id
      ? []
      : [breach(`it says of its last time ${JSON.stringify(last)}`)]),
  ];
}

function checkStory(story: StoryRecord, run: RunRecord | undefined, { reads }: Evidence): Breach[] {
  const breach = (rule: string, says: string): Breach => ({ rule, says, ...about(story) });
  const breaches: Breach[] = [];
  if (story.status !== 'ready') breaches.push(breach('every story is ready', `it is ${story.status}`));
  if (story.following) breaches.push(breach('every story comes to rest', 'something follows yet'));
  for (const [name, { state, tries, reason }] of Object.entries(story.followUps ?? {}))
    if (state !== 'ready')
      breaches.push(breach('all that follows is done', `${name} is ${state} after ${tries} tries, ${reason}`));
  if (!run) return [...breaches, breach('a story has its run', 'there is none')];
  if (run.status !== 'complete' || !run.settled)
    breaches.push(breach('a run ends once', `it is ${run.status}, settled: ${run.settled}, crashes: ${run.crashes}`));
  const stored = partsOf(run.output);
  if (
    story.told &&
    !isDeepStrictEqual(stored, [part('title', story.told.title), part('text', story.told.parts.join('\n\n'))])
  )
    breaches.push(breach('the story is what was written', 'its run says something else'));
  const its = reads.filter(({ runId }) => runId === run._id);
  if (its.length === 0) breaches.push(breach('readers see it written', 'nobody read it'));
  for (const read of its) {
    breaches.push(...read.breaches.map((says) => breach('readers follow the interface', says)));
    if (!read.done) breaches.push(breach('readers see it written', 'its reader saw no end'));
    else if (!isDeepStrictEqual(read.parts, stored))
      breaches.push(breach('readers see it written', 'its reader has another text'));
  }
  return breaches;
}

const part = (kind: string, text: string) => ({ kind, text });

/** One voice and one picture, whole, and where in the voice each line is. */
function checkMedia(story: StoryRecord, { blobs }: Evidence): Breach[] {
  const breach = (rule: string, says: string): Breach => ({ rule, says, ...about(story) });
  const its = blobs.filter(({ id }) => id.startsWith(`${story._id}-`));
  const wanted = [story.narration?.blobId, story.picture?.blobId];
  const breaches: Breach[] = [];
  if (!isDeepStrictEqual(its.map(({ id }) => id).sort(), wanted.map(String).sort()))
    breaches.push(breach('one voice, one picture', `it refers to ${wanted}, there is ${its.map(({ id }) => id)}`));
  for (const { id, size, sha256, read } of its)
    if (read.size !== size || read.sha256 !== sha256) breaches.push(breach('a blob is whole', `${id} is not`));
  const { narration } = story;
  if (!narration) return breaches;
  const voice = its.find(({ id }) => id === narration.blobId);
  return [...breaches, ...problemsOf(narration, voice).map((says) => breach('a voice can be followed', says))];
}

type Voice = NonNullable<StoryRecord['narration']>;

function problemsOf({ seconds, cues }: Voice, blob: KeptBlob | undefined): string[] {
  const ordered = cues.every((cue, index) => {
    const before = cues[index - 1];
    const follows = !before || (before.end <= cue.start && (before.part < cue.part || before.to <= cue.from));
    return follows && cue.start < cue.end && cue.end <= seconds;
  });
  const { heard } = blob ?? {};
  return [
    ...(ordered && cues.length > 0 ? [] : ['its cues are out of order']),
    ...(heard?.problems ? [`it cannot be decoded: ${heard.problems}`] : []),
    ...(heard && Math.abs(heard.seconds - seconds) > heardWithin
      ? [`it lasts ${heard.seconds} s and is said to last ${seconds} s`]
      : []),
  ];
}

/** One delivery, and one more at most for each kill between the server's answer and the store's write. */
function checkMail(story: StoryRecord, { copies, between, addresses }: Evidence): Breach[] {
  const breach = (rule: string, says: string): Breach => ({ rule, says, ...about(story) });
  const its = copies.filter(({ storyId }) => storyId === story._id);
  const delivered = its.filter(({ answered }) => answered).length;
  const most = 1 + (between.get(story._id) ?? 0);
  const ids = new Set(its.map(({ messageId }) => messageId));
  const address = addresses.get(story.scheduleId ?? '');
  return [
    ...(delivered >= 1 && delivered <= most
      ? []
      : [breach('one delivery of each mail', `${delivered} deliveries, ${most} at most`)]),
    ...(ids.size <= 1 ? [] : [breach('every copy has the same Message-ID', [...ids].join(' '))]),
    ...(its.every(({ to }) => isDeepStrictEqual(to, [address]))
      ? []
      : [breach('a mail goes to its person', `some copy went to ${its.map(({ to }) => to)}`)]),
  ];
}

/** Nothing is left over. */
function checkNothingElse({ stories, blobs, unswept, places, budgets, runs, schedules, copies }: Evidence): Breach[] {
  const ids = new Set(stories.map(({ _id }) => _id));
  const ofNobody = blobs.filter(({ id }) => !stories.some(({ _id }) => id.startsWith(`${_id}-`)));
  const runIds = new Set(stories.map(({ runId }) => runId));
  const held = budgets.filter(
    ({ running, reservations, days }) =>
      running !== 0 ||
      Object.keys(reservations).length > 0 ||
      Object.values(days).some((day) => day.held !== day.committed),
  );
  const scheduleIds = new Set(schedules.map(({ _id }) => _id));
  return [
    ...ofNobody.map(({ id }) => ({ rule: 'no blob that nothing refers to', says: id })),
    ...(unswept === 0 ? [] : [{ rule: 'no blob that nothing refers to', says: `the second sweep found ${unswept}` }]),
    ...places
      .filter(({ count, taken }) => count !== 0 || Object.keys(taken).length > 0)
      .map((found) => ({ rule: 'no place is left taken', says: JSON.stringify(found) })),
    ...held.map((found) => ({ rule: 'nothing of a budget is held', says: JSON.stringify(found) })),
    ...runs
      .filter(({ _id }) => !runIds.has(_id))
      .map(({ _id, status }) => ({ rule: 'one run a story', says: `run ${_id} (${status}) has no story`, runId: _id })),
    ...stories
      .filter(({ scheduleId }) => scheduleId === undefined || !scheduleIds.has(scheduleId))
      .map((story) => ({ rule: 'one story a schedule and time', says: 'nobody asked for it', ...about(story) })),
    ...copies
      .filter(({ storyId }) => !ids.has(storyId))
      .map(({ messageId }) => ({ rule: 'a mail has its story', says: `${messageId} has none` })),
  ];
}

function checkUsage({ stories, counted }: Evidence): Breach[] {
  const told = Map.groupBy(stories, ({ ownerId }) => ownerId);
  return [...new Set([...told.keys(), ...counted.keys()])].flatMap((person) => {
    const [is, should] = [counted.get(person) ?? 0, told.get(person)?.length ?? 0];
    return is === should
      ? []
      : [{ rule: 'usage counts each story once', says: `${is} are counted of ${should} of ${person}` }];
  });
}
