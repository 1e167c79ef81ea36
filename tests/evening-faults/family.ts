import { randomUUID } from 'node:crypto';
import { me, tokenResponse } from '#contract/accounts.ts';
import type { ScheduleRecord } from '#domain/schedules/schedule-records.ts';
import { call } from '#tests/faults/http.ts';
import type { Random } from '#tests/faults/random.ts';
import { Session } from '#tests/faults/session.ts';
import { admin } from '#tests/servers/lamplight-process.ts';
import type { EveningStage } from './stage.ts';

/** Somebody who gets stories, and reads each as it is written. */
export interface Parent {
  readonly id: string;
  readonly email: string;
  readonly session: Session;
}

const hour = 3_600_000;
/** Fewer than a person may have a day. */
const mostEach = 9;

/** So many people with accounts and addresses. */
export async function gatherParents(stage: EveningStage, count: number): Promise<readonly Parent[]> {
  const parents = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const session = await Session.start(() => stage.api, `Parent ${index + 1}`);
      const signal = AbortSignal.timeout(10_000);
      const reply = await call(`${stage.api}/api/me`, { token: await session.token(), signal });
      return { id: me.parse(await reply.json()).id, email: `parent-${index + 1}@lamplight.test`, session };
    }),
  );
  await stage.write(async ({ accounts }) => {
    for (const { id, email } of parents) await accounts.people.update(id, { set: { email, role: 'user' } });
  });
  return parents;
}

/** Some wait for others to be written, or for places to be swept: what is due and has not begun is a state of its own. */
export async function limitPlaces({ api }: EveningStage, runningStories: number): Promise<void> {
  const form = new URLSearchParams({ username: admin.email, password: admin.password, refresh: 'body' });
  const grant = await fetch(`${api}/api/auth/token`, { method: 'POST', body: form });
  const { access_token: token } = tokenResponse.parse(await grant.json());
  const reply = await fetch(`${api}/api/admin/settings`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ runningStories }),
  });
  if (!reply.ok) throw new Error(`The places could not be limited: ${await reply.text()}`);
}

/** The schedules of some people, each of which comes due once while this runs. */
export class Family {
  readonly schedules: ScheduleRecord[] = [];
  /** When each is due, by its id. */
  readonly dueAt = new Map<string, number>();
  readonly #parents: readonly Parent[];
  readonly #random: Random;

  constructor(parents: readonly Parent[], random: Random) {
    this.#parents = parents;
    this.#random = random;
  }

  ownerOf(id: string): Parent | undefined {
    return this.#parents.find((parent) => parent.id === id);
  }

  /** Schedules that come due within seconds, all at once or one after another; each comes again tomorrow. */
  add(count: number): readonly ScheduleRecord[] {
    const apart = this.#random.chance(0.5) ? 0 : this.#random.integer(200, 1_000);
    const from = Date.now() + this.#random.integer(0, 1_000);
    return Array.from({ length: count }, (_, index) => this.#one(from + index * apart));
  }

  #one(nextAt: number): ScheduleRecord {
    const number = this.schedules.length;
    const slot = Math.floor(number / this.#parents.length);
    const parent = this.#parents[number % this.#parents.length];
    if (!parent || slot >= mostEach) throw new Error('There are too few people for so many schedules.');
    const readerName = `Mila ${number + 1}`;
    const schedule: ScheduleRecord = {
      ...{ _id: randomUUID(), ownerId: parent.id, slot, name: readerName, nextAt, version: 1, createdAt: Date.now() },
      timing: {
        kind: 'days',
        days: [1, 2, 3, 4, 5, 6, 7],
        time: new Date(nextAt - hour).toISOString().slice(11, 16),
      },
      timeZone: 'UTC',
      settings: { readerName, readerAge: 6, language: 'en', minutes: 3, themes: [], avoid: [], style: '' },
      ...{ characterIds: [], sceneIds: [], idea: `What ${readerName} sees by night`, mail: true, paused: false },
    };
    this.schedules.push(schedule);
    this.dueAt.set(schedule._id, nextAt);
    return schedule;
  }
}
