import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { schedule, schedulePage, timingTimes } from '#contract/schedules.ts';
import { story } from '#contract/stories.ts';
import { createTestChat, type TestChat, type TestServer } from '#tests/servers/test-chat.ts';
import type { TestClient } from '#tests/servers/test-client.ts';

let app: TestChat;
let server: TestServer;
let ada: TestClient;
beforeAll(async () => {
  app = await createTestChat();
  server = await app.openTestServer();
  ada = await server.client({ role: 'user', person: { timeZone: 'Europe/Berlin' } });
});
afterAll(() => app.close());

const create = async (client: TestClient, body: object = { name: 'Mila' }) =>
  (await client.call('POST', '/api/schedules', body)).as(schedule);

describe('schedules over HTTP', () => {
  it('are added, read, changed, skipped and deleted', async () => {
    const added = await ada.call('POST', '/api/schedules', { name: 'Mila' });
    expect(added.status).toBe(201);
    const { id, timeZone, nextAt } = added.as(schedule);
    expect(timeZone).toBe('Europe/Berlin');
    expect((await ada.call('GET', `/api/schedules/${id}`)).as(schedule)).toEqual(added.as(schedule));
    expect((await ada.call('GET', '/api/schedules')).as(schedulePage).items.map((each) => each.id)).toContain(id);
    const changed = await ada.call('PATCH', `/api/schedules/${id}`, { name: 'Tom', settings: { readerAge: 8 } });
    expect(changed.as(schedule)).toMatchObject({ name: 'Tom', settings: { readerAge: 8, minutes: 5 } });
    const skipped = (await ada.call('POST', `/api/schedules/${id}/skip`)).as(schedule);
    expect(skipped.skipped).toBe(nextAt);
    expect((await ada.call('DELETE', `/api/schedules/${id}/skip`)).as(schedule).nextAt).toBe(nextAt);
    expect((await ada.call('DELETE', `/api/schedules/${id}`)).status).toBe(204);
    expect((await ada.call('GET', `/api/schedules/${id}`)).error.code).toBe('not_found');
  });

  it('are one for the same clientScheduleId, however often and many at once ask, and as the last of them has it', async () => {
    const asked = { name: 'Twice', clientScheduleId: 'form-1' };
    const made = await Promise.all(Array.from({ length: 6 }, () => create(ada, asked)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const again = await create(ada, { ...asked, settings: { readerAge: 9 }, idea: 'a lighthouse' });
    expect(again).toMatchObject({ id: made[0]?.id, idea: 'a lighthouse', settings: { readerAge: 9 } });
    const listed = (await ada.call('GET', '/api/schedules')).as(schedulePage).items;
    expect(listed.filter(({ name }) => name === 'Twice')).toEqual([again]);
    const ben = await server.client({ role: 'user' });
    expect((await create(ben, asked)).id).not.toBe(again.id);
  });

  it('tell five times before they are saved, and what is wrong with a timing by its field', async () => {
    const timing = { kind: 'days', days: [1, 3], time: '19:15' };
    const told = await ada.call('POST', '/api/schedules/preview', { timing, timeZone: 'Asia/Kolkata' });
    expect(told.as(timingTimes).times).toHaveLength(5);
    for (const [cron, message] of [
      ['0 25 * * *', 'The field hour'],
      ['* * * * *', 'At most one time in an hour'],
    ] as const) {
      const wrong = await ada.call('POST', '/api/schedules/preview', {
        timing: { kind: 'cron', cron },
        timeZone: 'UTC',
      });
      expect([wrong.status, wrong.error.details?.[0]?.path]).toEqual([400, 'timing.cron']);
      expect(wrong.error.message).toContain(message);
    }
    const nowhere = await ada.call('POST', '/api/schedules/preview', { timing, timeZone: 'Mars/Olympus' });
    expect(nowhere.error.code).toBe('invalid_request');
  });

  it('are run now, and their times stay as they are', async () => {
    const { id, nextAt } = await create(ada, { name: 'Mila', settings: { readerName: 'Mila' } });
    const begun = await ada.call('POST', `/api/schedules/${id}/run`);
    expect(begun.status).toBe(201);
    expect(begun.as(story)).toMatchObject({ scheduleId: id, status: 'writing', readerName: 'Mila' });
    expect((await ada.call('GET', `/api/schedules/${id}`)).as(schedule)).toMatchObject({ nextAt });
  });

  it('are run once for the same clientStoryId, also where the schedule is gone since', async () => {
    const grace = await server.client({ role: 'user' });
    const [{ id }, other] = [await create(grace), await create(grace)];
    const run = (schedule: string, body?: object) => grace.call('POST', `/api/schedules/${schedule}/run`, body);
    const asked = { clientStoryId: 'tonight' };
    const atOnce = await Promise.all(Array.from({ length: 4 }, () => run(id, asked)));
    const stories = new Set(atOnce.map((reply) => reply.as(story).id));
    expect(stories.size).toBe(1);
    expect((await run(other.id, asked)).error.code).toBe('message_id_reused');
    expect(stories).not.toContain((await run(id, {})).as(story).id);
    await grace.call('DELETE', `/api/schedules/${id}`);
    expect(stories).toContain((await run(id, asked)).as(story).id);
    expect((await run(id, { clientStoryId: 'another' })).error.code).toBe('not_found');
  });

  it('are for people with an account, and their own alone', async () => {
    const guest = await server.client();
    expect((await guest.call('POST', '/api/schedules', { name: 'Mila' })).error.code).toBe('forbidden');
    const eve = await server.client({ role: 'user' });
    const { id } = await create(ada);
    for (const [method, path, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { name: 'Eve' }],
      ['POST', '/skip', undefined],
      ['DELETE', '/skip', undefined],
      ['POST', '/run', undefined],
      ['DELETE', '', undefined],
    ] as const)
      expect((await eve.call(method, `/api/schedules/${id}${path}`, body)).error.code).toBe('not_found');
  });
});
