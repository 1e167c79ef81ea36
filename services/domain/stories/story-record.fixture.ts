import type { StoryRecord } from './story-records.ts';

/** A story that is ready, with whatever a test changes. */
export const storyRecord = (more: Partial<StoryRecord> & Pick<StoryRecord, '_id'>): StoryRecord => ({
  ownerId: 'owner',
  runId: `run-${more._id}`,
  status: 'ready',
  language: 'en',
  readerName: 'Ada',
  characters: [],
  scenes: [],
  following: false,
  linkVersion: 0,
  shared: false,
  expiresAt: Date.now() + 48 * 3_600_000,
  deleted: false,
  traceId: '0'.repeat(32),
  createdAt: Date.now(),
  ...more,
});
