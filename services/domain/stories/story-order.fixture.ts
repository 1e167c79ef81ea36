import type { StoryOrder } from './story-records.ts';

/** An order that leaves all to the writer, with whatever a test changes. */
export const storyOrderOf = (more: Partial<StoryOrder> = {}): StoryOrder => ({
  settings: { readerName: '', readerAge: 6, language: 'en', minutes: 3, themes: [], avoid: [], style: '' },
  characters: [],
  scenes: [],
  idea: '',
  conversation: [],
  ...more,
});
