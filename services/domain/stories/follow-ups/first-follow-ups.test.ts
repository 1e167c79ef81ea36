import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NoSpeech } from '#platform/speech/no-speech.ts';
import { storyOrderOf } from '../story-order.fixture.ts';
import type { StoryOrder } from '../story-records.ts';
import { firstFollowUps } from './first-follow-ups.ts';
import { type FollowUpWorld, openFollowUpWorld } from './follow-ups.fixture.ts';

describe('what follows a story that was just told', () => {
  let world: FollowUpWorld;
  beforeEach(async () => {
    world = await openFollowUpWorld();
  });
  afterEach(() => world.close());

  const order = (schedule?: StoryOrder['schedule']) => storyOrderOf(schedule && { schedule });
  const bySchedule = order({ id: 's', at: 1, mail: true });
  const ada = { email: 'ada@example.org', disabled: false, deleted: false };

  it('waits, but for the mail that nobody asked for', () => {
    const { ports } = world.process();
    const waits = { state: 'pending', tries: 0, at: 7 };
    expect(firstFollowUps(ports, { order: order(), endedAt: 7 }, ada)).toEqual({
      narration: waits,
      picture: waits,
      mail: { ...waits, state: 'skipped' },
      notice: waits,
    });
  });

  it('is no voice where nothing here speaks', () => {
    const { ports } = world.process(undefined, { speech: new NoSpeech() });
    expect(firstFollowUps(ports, { order: order(), endedAt: 7 }, ada).narration.state).toBe('skipped');
  });

  it.each([
    ['a schedule that sends mails, to somebody with an address', bySchedule, ada, 'pending'],
    ['somebody who turned mails on again', bySchedule, { ...ada, storyMails: true }, 'pending'],
    ['a schedule that sends none', order({ id: 's', at: 1, mail: false }), ada, 'skipped'],
    ['somebody without an address', bySchedule, { disabled: false, deleted: false }, 'skipped'],
    ['somebody who wants none', bySchedule, { ...ada, storyMails: false }, 'skipped'],
    ['somebody who is disabled', bySchedule, { ...ada, disabled: true }, 'skipped'],
    ['somebody who is deleted', bySchedule, { ...ada, deleted: true }, 'skipped'],
    ['nobody', bySchedule, undefined, 'skipped'],
  ] as const)('is for %s a mail that is %s', (_for, asked, person, state) => {
    const { ports } = world.process();
    expect(firstFollowUps(ports, { order: asked, endedAt: 7 }, person).mail.state).toBe(state);
  });
});
