import { expect, it } from 'vitest';
import { askForFollowUps } from '#domain/stories/follow-ups/ask-for-follow-ups.ts';
import { openFollowUpWorld } from '#domain/stories/follow-ups/follow-ups.fixture.ts';
import { followUpQueues } from '#domain/stories/story-topics.ts';
import { testConfig } from '#tests/servers/test-config.ts';
import { consumeFollowUps } from './consume-follow-ups.ts';

it('sends three mails of stories at a time, so that mails of accounts find a connection, and all of them in the end', async () => {
  const world = await openFollowUpWorld();
  const { ports, queue } = world.process();
  let underWay = 0;
  const answer = Promise.withResolvers<void>();
  world.mail.before = () => {
    underWay += 1;
    return answer.promise;
  };
  const at = world.person.createdAt;
  const ready = { state: 'ready', tries: 1, at } as const;
  const followUps = {
    ...{ narration: ready, picture: ready, notice: ready },
    mail: { state: 'pending', tries: 0, at },
  } as const;
  for (const _id of ['a', 'b', 'c', 'd', 'e'])
    await askForFollowUps(ports, await world.addStory({ _id: `story-${_id}`, followUps }));
  consumeFollowUps({ stories: ports, config: testConfig({}, 'http://127.0.0.1:1') });
  await world.until(() => underWay === 3);
  await world.time.advance(10_000);
  expect(await queue.counts(followUpQueues.mail)).toMatchObject({ active: 3, waiting: 2 });
  expect(underWay).toBe(3);
  answer.resolve();
  await world.until(() => world.mail.sent.length === 5);
  await world.close();
});
