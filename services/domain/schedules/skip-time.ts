import type { Schedule } from '#contract/schedules.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { AppError } from '#platform/errors.ts';
import { presentSchedule } from './present-schedule.ts';
import type { SchedulePorts } from './schedule-ports.ts';
import { getOwn } from './schedules.ts';

/** Leaves the next time out; again, the same one. Throws `not_found`, and `conflict` where there is no next time. */
export async function skipNext(ports: SchedulePorts, principal: Pick<Principal, 'id'>, id: string): Promise<Schedule> {
  for (;;) {
    const { nextAt } = await getOwn(ports, principal, id);
    if (nextAt === undefined)
      throw new AppError('conflict', 'There is no next time to skip: the schedule is paused, or never comes again.');
    const skipped = await ports.schedules.update(id, { set: { skipAt: nextAt } }, { nextAt });
    if (skipped) return presentSchedule(skipped);
  }
}

/** Does not leave it out after all. Throws `not_found`. */
export async function unskipNext(
  ports: SchedulePorts,
  principal: Pick<Principal, 'id'>,
  id: string,
): Promise<Schedule> {
  const schedule = await getOwn(ports, principal, id);
  return presentSchedule((await ports.schedules.update(id, { unset: ['skipAt'] })) ?? schedule);
}
