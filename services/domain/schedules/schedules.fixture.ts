import { onTestFinished } from 'vitest';
import type { JobData } from '#contract/jobs.ts';
import type { NewSchedule } from '#contract/schedules.ts';
import { newSchedule } from '#contract/schedules.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { VirtualTime } from '#tests/protocol/virtual-time.ts';
import type { SignIn } from '#tests/servers/sign-in.ts';
import { createTestChat, type TestChat, type TestChatOptions } from '#tests/servers/test-chat.ts';
import { ScheduleClock } from './claim-due.ts';
import type { ScheduleRecord } from './schedule-records.ts';
import { createSchedule } from './schedules.ts';

/** Schedules in a process whose time passes only when told to. */
export interface ScheduleWorld {
  readonly test: TestChat;
  readonly ports: StoryPorts;
  readonly time: VirtualTime;
  now(): number;
  /** Lets time pass up to a moment. */
  until(moment: string): Promise<void>;
  /** Somebody with an account in Berlin. */
  parent(person?: SignIn['person']): Promise<Principal>;
  schedule(principal: Principal, request?: Partial<NewSchedule>): Promise<ScheduleRecord>;
  stored(id: string): Promise<ScheduleRecord>;
  /** The first sample of the metrics that begins so; 0 where there is none. */
  metric(sample: string): Promise<number>;
}

export async function openScheduleWorld(start: string, options: TestChatOptions = {}): Promise<ScheduleWorld> {
  const time = new VirtualTime();
  const now = () => Date.parse(start) + time.ms;
  const clock = { now, monotonic: () => time.ms, after: (ms: number, call: () => void) => time.after(ms, call) };
  const test = await createTestChat({ clock, ...options });
  const ports = test.stories;
  const stored = async (id: string) => {
    const record = await ports.schedules.get(id);
    if (!record) throw new Error(`There is no schedule ${id}.`);
    return record;
  };
  return {
    test,
    ports,
    time,
    now,
    until: (moment) => time.advance(Date.parse(moment) - now()),
    parent: (person = {}) =>
      test.signIn({
        role: 'user',
        person: { email: `${ports.chat.newId()}@lamplight.test`, timeZone: 'Europe/Berlin', ...person },
      }),
    schedule: async (principal, request = {}) => {
      const { id } = await createSchedule(ports, principal, newSchedule.parse({ name: 'Mila', ...request }));
      return stored(id);
    },
    stored,
    metric: async (sample) => {
      const { body } = await test.foundation.telemetry.metrics.expose();
      const line = body.split('\n').find((each) => each.startsWith(sample));
      return Number(line?.split(' ').at(-1) ?? 0);
    },
  };
}

/** When the first time of a schedule of `dueSchedule` is. */
export const evening = Date.parse('2026-11-21T18:15:00Z');

/** A schedule whose time has come, and the job that was added for it; all of it closed when the test is over. */
export async function dueSchedule(request: Partial<NewSchedule> = {}, person: SignIn['person'] = {}) {
  const world = await openScheduleWorld('2026-11-21T12:00:00Z');
  onTestFinished(() => world.test.close());
  const ada = await world.parent(person);
  const schedule = await world.schedule(ada, request);
  await world.time.advance(evening - world.now());
  await new ScheduleClock(world.ports).claim();
  const { due } = await world.stored(schedule._id);
  if (!due) throw new Error('It was not claimed.');
  const job: JobData<'due_story'> = { scheduleId: schedule._id, storyId: due.storyId };
  return { world, ada, id: schedule._id, due, job };
}

export const runsOf = async ({ ports }: ScheduleWorld) =>
  (await ports.chat.records.runs.find({ where: {}, limit: 100 })).items;

export const storiesOf = async ({ ports }: ScheduleWorld) =>
  (await ports.stories.stories.find({ where: {}, limit: 100 })).items;

/** Times of schedules that came to this. */
export const times = (world: ScheduleWorld, outcome: string): Promise<number> =>
  world.metric(`lamplight_schedule_times_total{outcome="${outcome}"`);

export const placesTaken = async ({ ports }: ScheduleWorld): Promise<number> =>
  (await ports.stories.places.get('places'))?.count ?? 0;
