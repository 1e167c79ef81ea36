import type { Story } from '#contract/stories.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { defaultModel } from '#domain/chat/default-model.ts';
import type { Hear } from '#domain/limits/rate-limit.ts';
import { beginStory } from '#domain/stories/begin-story.ts';
import { showStory } from '#domain/stories/find-story.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import { getOwn } from './schedules.ts';
import { orderOf } from './story-of-schedule.ts';

/**
 * Has a schedule's story written now, whether it is paused or not; its times stay as they are. Throws `not_found`, and as `beginStory`
 * does.
 */
export async function runScheduleNow(ports: StoryPorts, principal: Principal, id: string, hear?: Hear): Promise<Story> {
  const { chat } = ports;
  const schedule = await getOwn(ports, principal, id);
  const order = await orderOf(ports, schedule, chat.clock.now());
  const ids = { storyId: chat.newId(), runId: chat.newId() };
  const begin = { person: principal, ids, clientMessageId: chat.newId(), order, model: defaultModel(chat) };
  await beginStory(ports, begin, hear);
  return showStory(ports, principal.id, ids.storyId);
}
