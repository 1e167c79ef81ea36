import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Schedule } from '#contract/schedules.ts';
import { refuse } from '../chat/server.fixture.ts';
import { StoryServer } from '../stories/stories.fixture.tsx';
// Loaded before the tests begin, as in the fixture above.
import './schedules-page.tsx';
import { scheduleFixture } from './schedule.fixture.ts';

let server: StoryServer;
let schedules: Schedule[];
const previews = 'POST /api/schedules/preview';

beforeEach(() => {
  server = new StoryServer();
  server.me = { ...server.me, role: 'user', timeZone: 'Europe/Berlin' };
  schedules = [scheduleFixture()];
  server.others.set('GET /api/schedules', () => [200, { items: schedules }]);
  server.others.set(previews, () => [200, { times: ['2026-11-21T18:15:00.000Z', '2026-11-22T18:15:00.000Z'] }]);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** The server's schedule becomes this one at the request. */
const becomes = (request: string, changes: Partial<Schedule>, status = 200) =>
  server.others.set(request, () => {
    schedules = [scheduleFixture(changes)];
    return [status, schedules[0]];
  });
const button = (name: string) => screen.findByRole('button', { name });
const click = async (name: string) => void fireEvent.click(await button(name));

describe('schedules', () => {
  test('tell when their stories come, for whom, and what came of the last', async () => {
    schedules = [
      scheduleFixture({ last: { at: '2026-11-20T18:15:00.000Z', storyId: 's1', outcome: 'begun' } }),
      scheduleFixture({ id: 'd2', name: 'Otto', last: { at: '2026-11-20T18:15:00.000Z', outcome: 'late' } }),
      scheduleFixture({
        id: 'd3',
        name: 'Ida',
        last: {
          at: '2026-11-20T18:15:00.000Z',
          outcome: 'refused',
          error: { code: 'budget_spent', message: 'The budget is spent.' },
        },
      }),
    ];
    await server.open('/schedules');
    await screen.findByRole('heading', { name: 'Mia' });
    expect(screen.getAllByText(/^Every day at 19:15/)).toHaveLength(3);
    const link = screen.getByRole('link', { name: 'Friday 20 November, 19:15' });
    expect(link.getAttribute('href')).toBe('/stories/s1');
    expect(screen.getByText(/Left out on .*: Lamplight was away for more than two hours/)).toBeTruthy();
    expect(screen.getByText(/Not written on .* The budget is spent/)).toBeTruthy();
  });

  test('that are set up are not left without a question, and by the button or the way back alike', async () => {
    await server.open('/schedules');
    await click('New schedule');
    fireEvent.change(await screen.findByLabelText('Who is it for?'), { target: { value: 'Otto' } });
    await click('Cancel');
    const question = await screen.findByRole('dialog');
    fireEvent.click(within(question).getByRole('button', { name: 'Keep' }));
    expect(await screen.findByLabelText('Who is it for?')).toHaveProperty('value', 'Otto');
    await click('Cancel');
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Leave' }));
    expect(await button('New schedule')).toBeTruthy();
  });

  test('are paused and resumed', async () => {
    becomes('PATCH /api/schedules/d1', { paused: true });
    await server.open('/schedules');
    await click('Pause');
    expect(await screen.findByText('Paused')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Skip/ })).toBeNull();
    becomes('PATCH /api/schedules/d1', {});
    await click('Resume');
    expect(await button('Pause')).toBeTruthy();
    expect(server.sentTo('PATCH /api/schedules/d1')).toEqual({ paused: false });
  });

  test('leave the next one out, or do not after all', async () => {
    const skipped = '2026-11-21T18:15:00.000Z';
    becomes('POST /api/schedules/d1/skip', { skipped, nextAt: '2026-11-22T18:15:00.000Z' });
    becomes('DELETE /api/schedules/d1/skip', {});
    await server.open('/schedules');
    fireEvent.click(await screen.findByRole('button', { name: /^Skip/ }));
    expect(await screen.findByText(/^Left out: .* Next: /)).toBeTruthy();
    await click('Do not skip');
    expect(await screen.findByText(/^Next: /)).toBeTruthy();
  });

  test('have one written now, which opens', async () => {
    server.others.set('POST /api/schedules/d1/run', () => [201, server.story]);
    await server.open('/schedules');
    await click('Write one now');
    expect(await screen.findByRole('heading', { level: 1, name: 'The Lamp on the Hill' })).toBeTruthy();
  });

  test('say where none was begun', async () => {
    server.others.set('POST /api/schedules/d1/run', () => refuse('too_many_answers', 429));
    await server.open('/schedules');
    await click('Write one now');
    expect(await screen.findByText('No story was begun')).toBeTruthy();
  });

  test('ask for the same story again where the first click may have begun one', async () => {
    const run = 'POST /api/schedules/d1/run';
    const asked = async () => {
      const before = server.bodies.length;
      await click('Write one now');
      await waitFor(() => expect(server.bodies.length).toBe(before + 1));
      return (server.sentTo(run) as { clientStoryId: string }).clientStoryId;
    };
    server.others.set(run, () => refuse('store_unavailable', 503));
    await server.open('/schedules');
    const first = await asked();
    await screen.findByText('No story was begun');
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Write one now' })).toHaveProperty('disabled', false),
    );
    expect(first).toMatch(/.{16}/);
    server.others.set(run, () => [201, server.story]);
    expect(await asked()).toBe(first);
  });

  test('are deleted after a question', async () => {
    server.others.set('DELETE /api/schedules/d1', () => {
      schedules = [];
      return [204];
    });
    await server.open('/schedules');
    await click('Delete Mia');
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Delete' }));
    expect(await screen.findByRole('heading', { name: 'Every day at 19:15' })).toBeTruthy();
  });

  test('that cannot be loaded say so', async () => {
    server.others.set('GET /api/schedules', () => refuse('forbidden', 403));
    await server.open('/schedules');
    expect(await screen.findByText('Your schedules could not be loaded')).toBeTruthy();
  });

  test('need an account, which guests are told', async () => {
    server.me = { ...server.me, role: 'guest' };
    await server.open('/schedules');
    expect(await screen.findByText('The clock needs an account')).toBeTruthy();
    await click('Create an account');
    expect(await screen.findByRole('dialog', { name: 'Keep your conversations' })).toBeTruthy();
    expect(server.requests.some((request) => request.includes('/api/schedules'))).toBe(false);
  });

  test('tell that mails were stopped, and send them again', async () => {
    server.me = { ...server.me, storyMails: false };
    server.others.set('PATCH /api/me', () => {
      server.me = { ...server.me, storyMails: true };
      return [200, server.me];
    });
    await server.open('/schedules');
    await click('Send mails again');
    await waitFor(() => expect(screen.queryByText(/You stopped stories by mail/)).toBeNull());
    expect(server.sentTo('PATCH /api/me')).toEqual({ storyMails: true });
  });
});

describe('a new schedule', () => {
  const day = (name: string) => screen.findByRole('checkbox', { name });

  test('is every day at 19:15, with its next times shown in its own zone before it is saved', async () => {
    schedules = [];
    becomes('POST /api/schedules', {}, 201);
    await server.open('/schedules');
    await click('New schedule');
    expect(await screen.findByText('Saturday 21 November, 19:15')).toBeTruthy();
    expect(server.sentTo(previews)).toEqual({
      timing: { kind: 'days', days: [1, 2, 3, 4, 5, 6, 7], time: '19:15' },
      timeZone: 'Europe/Berlin',
    });
    fireEvent.change(screen.getByRole('textbox', { name: 'Who is it for?' }), { target: { value: 'Otto' } });
    await click('Save');
    expect(await screen.findByRole('heading', { name: 'Mia' })).toBeTruthy();
    expect(server.sentTo('POST /api/schedules')).toMatchObject({
      name: 'Otto',
      timeZone: 'Europe/Berlin',
      mail: true,
      settings: { readerName: 'Otto', readerAge: 5, language: 'en', minutes: 5, themes: ['the sea'] },
    });
  });

  test('asks again for its times where days, time or zone change, and is not saved without a day', async () => {
    schedules = [];
    await server.open('/schedules');
    await click('New schedule');
    for (const name of ['Sat', 'Sun']) fireEvent.click(await day(name));
    fireEvent.change(screen.getByLabelText('At'), { target: { value: '18:30' } });
    fireEvent.change(screen.getByLabelText('Time zone'), { target: { value: 'Asia/Tokyo' } });
    await waitFor(() =>
      expect(server.sentTo(previews)).toEqual({
        timing: { kind: 'days', days: [1, 2, 3, 4, 5], time: '18:30' },
        timeZone: 'Asia/Tokyo',
      }),
    );
    expect(await screen.findByText('Sunday 22 November, 03:15')).toBeTruthy();
    for (const name of ['Mon', 'Tue', 'Wed', 'Thu', 'Fri']) fireEvent.click(await day(name));
    expect(screen.getByText('Choose at least one day.')).toBeTruthy();
    expect(await button('Save')).toHaveProperty('disabled', true);
  });

  test('that is refused keeps what was chosen and says why', async () => {
    schedules = [];
    server.others.set('POST /api/schedules', () => refuse('too_many_items', 409));
    await server.open('/schedules');
    await click('New schedule');
    fireEvent.change(await screen.findByRole('textbox', { name: 'Who is it for?' }), { target: { value: 'Otto' } });
    await click('Save');
    expect(await screen.findByText(/What you chose is kept here/)).toBeTruthy();
    expect(screen.getByRole('textbox', { name: 'Who is it for?' })).toHaveProperty('value', 'Otto');
  });

  test('that is saved again after its reply was lost is the same one', async () => {
    schedules = [];
    const idOfSent = () => (server.sentTo('POST /api/schedules') as { clientScheduleId: string }).clientScheduleId;
    server.others.set('POST /api/schedules', () => refuse('store_unavailable', 503));
    await server.open('/schedules');
    await click('New schedule');
    fireEvent.change(await screen.findByRole('textbox', { name: 'Who is it for?' }), { target: { value: 'Otto' } });
    await click('Save');
    await screen.findByText(/What you chose is kept here/);
    const first = idOfSent();
    becomes('POST /api/schedules', {}, 201);
    await click('Save');
    expect(await screen.findByRole('heading', { name: 'Mia' })).toBeTruthy();
    expect([first, idOfSent()]).toEqual([expect.stringMatching(/.{16}/), first]);
  });
});

describe('a schedule that is edited', () => {
  test('shows what it is, and saves what was changed', async () => {
    becomes('PATCH /api/schedules/d1', {});
    await server.open('/schedules');
    await click('Edit Mia');
    expect(await screen.findByRole('heading', { level: 1, name: 'Edit Mia' })).toBeTruthy();
    expect(await screen.findByLabelText('What to leave out')).toHaveProperty('value', 'spiders');
    fireEvent.click(screen.getByRole('checkbox', { name: 'Send each story to me by mail' }));
    fireEvent.change(screen.getByLabelText('In what manner?'), { target: { value: 'in rhymes' } });
    await click('Save');
    await waitFor(() =>
      expect(server.sentTo('PATCH /api/schedules/d1')).toMatchObject({
        mail: false,
        settings: { language: 'de', themes: ['the sea', 'friends'], avoid: ['spiders'], style: 'in rhymes' },
      }),
    );
  });

  test('with a pattern keeps it, or takes days and a time instead', async () => {
    schedules = [scheduleFixture({ timing: { kind: 'cron', cron: '15 19 1 * *' } })];
    await server.open('/schedules');
    await click('Edit Mia');
    expect(await screen.findByLabelText('Pattern')).toHaveProperty('value', '15 19 1 * *');
    await click('Choose days and a time instead');
    expect(await screen.findByLabelText('At')).toHaveProperty('value', '19:15');
  });
});
