import type { StoryPorts } from '#domain/stories/story-ports.ts';

/** What the library is read and changed on. */
export interface LibraryTools extends Pick<StoryPorts, 'library' | 'blobs'> {
  readonly chat: Pick<StoryPorts['chat'], 'clock' | 'newId' | 'logger'>;
  readonly accounts: Pick<StoryPorts['accounts'], 'keys' | 'records'>;
}

/** Whose: of a principal, the person alone counts here. */
export interface Person {
  readonly id: string;
}
