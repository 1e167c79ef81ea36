import type { Schedule } from '#contract/schedules.ts';

/** Mia's story, every day at 19:15 in Berlin, unless something else is said. */
export const scheduleFixture = (changes: Partial<Schedule> = {}): Schedule => ({
  id: 'd1',
  name: 'Mia',
  timing: { kind: 'days', days: [1, 2, 3, 4, 5, 6, 7], time: '19:15' },
  timeZone: 'Europe/Berlin',
  settings: {
    readerName: 'Mia',
    readerAge: 5,
    language: 'de',
    minutes: 5,
    themes: ['the sea', 'friends'],
    avoid: ['spiders'],
    style: '',
  },
  characterIds: [],
  sceneIds: [],
  idea: '',
  mail: true,
  paused: false,
  nextAt: '2026-11-21T18:15:00.000Z',
  createdAt: '2026-11-01T08:00:00.000Z',
  ...changes,
});
