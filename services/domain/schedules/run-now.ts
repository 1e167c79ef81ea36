import type { z } from 'zod';
import type { scheduleRun } from '#contract/schedules.ts';
import type { Story } from '#contract/stories.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { defaultModel } from '#domain/chat/default-model.ts';
import type { Hear } from '#domain/limits/rate-limit.ts';
import { beginOnce } from '#domain/stories/begin-once.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { getOwn } from './schedules.ts';
import { orderOf } from './story-of-schedule.ts';

/**
 * Has a schedule's story written now, whether it is paused or not; its times stay as they are. A repeat of `clientStoryId` gets the same
 * one, also where the schedule was changed or deleted since. Throws `not_found`, and as `beginOnce` does.
 */
export async function runScheduleNow(
  ports: StoryPorts,
  principal: Principal,
  { id, clientStoryId }: { readonly id: string } & z.output<typeof scheduleRun>,
  hear?: Hear,
): Promise<Story> {
  const { chat } = ports;
  const choose = async () => {
    const schedule = await getOwn(ports, principal, id);
    return { order: await orderOf(ports, schedule, chat.clock.now()), model: defaultModel(chat) };
  };
  return beginOnce(ports, principal, { clientStoryId, payload: { scheduleId: id }, choose }, hear);
}
