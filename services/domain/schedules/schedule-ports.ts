import type { StoryPorts } from '#domain/stories/story-ports.ts';

/** What schedules are kept with. Their stories take all that stories do. */
export type SchedulePorts = Pick<StoryPorts, 'schedules' | 'library' | 'accounts'> & {
  readonly stories: Pick<StoryPorts['stories'], 'memories'>;
  readonly chat: Pick<StoryPorts['chat'], 'clock' | 'newId'>;
};
