import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoryServer } from '../stories/stories.fixture.tsx';
// Loaded before the tests begin, as in the fixture above.
import './schedules-page.tsx';
import { clockChange } from './timing-words.ts';
import { zoneFor, zonesOffered } from './zone-choice.tsx';

let server: StoryServer;
const previews = 'POST /api/schedules/preview';
const ownZone = vi.hoisted(() => ({ current: 'Europe/London' }));

beforeEach(() => {
  server = new StoryServer();
  server.me = { ...server.me, role: 'user', timeZone: 'UTC' };
  const { resolvedOptions } = Intl.DateTimeFormat.prototype;
  vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockImplementation(function (this: Intl.DateTimeFormat) {
    return { ...resolvedOptions.call(this), timeZone: ownZone.current };
  });
  server.others.set(previews, () => [
    200,
    { times: ['2026-10-24T17:15:00.000Z', '2026-10-25T18:15:00.000Z', '2026-10-26T18:15:00.000Z'] },
  ]);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const openNew = async () => {
  await server.open('/schedules');
  fireEvent.click(await screen.findByRole('button', { name: 'New schedule' }));
};

describe('a new schedule of an account that has UTC', () => {
  test('begins with the browser’s time zone, and offers the account’s', async () => {
    await openNew();
    expect(await screen.findByLabelText('Time zone')).toHaveProperty('value', 'Europe/London');
    expect(screen.getByText('Your account keeps the time of UTC, this browser that of Europe/London.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Use UTC' }));
    expect(screen.getByLabelText('Time zone')).toHaveProperty('value', 'UTC');
    await waitFor(() => expect(server.sentTo(previews)).toMatchObject({ timeZone: 'UTC' }));
    fireEvent.click(screen.getByRole('button', { name: 'Use Europe/London' }));
    expect(screen.getByLabelText('Time zone')).toHaveProperty('value', 'Europe/London');
  });

  test('tells the times of another zone as clocks there and here show them, and where clocks change', async () => {
    await openNew();
    fireEvent.change(await screen.findByLabelText('Time zone'), { target: { value: 'Europe/Berlin' } });
    expect(await screen.findByText('Clocks in Europe/Berlin show this.')).toBeTruthy();
    expect(screen.getByText('Saturday 24 October, 19:15')).toBeTruthy();
    expect(screen.getAllByText('18:15 where you are')).toHaveLength(3);
    const changed = screen.getByText('The clock has gone back before this one.');
    expect(changed.closest('li')?.textContent).toContain('Sunday 25 October, 19:15');
  });
});

test('times of the zone before mean what they meant until those of another come', async () => {
  await openNew();
  await screen.findByText('Saturday 24 October, 18:15');
  const gate = Promise.withResolvers<Response>();
  const { fetch } = server;
  vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) =>
    String(input).includes('/preview') ? gate.promise : fetch(input, init),
  );
  fireEvent.change(screen.getByLabelText('Time zone'), { target: { value: 'Europe/Berlin' } });
  const list = within(screen.getByRole('region', { name: 'The next five' })).getByRole('list');
  await waitFor(() => expect(list.getAttribute('aria-busy')).toBe('true'));
  expect(screen.getByText('Saturday 24 October, 18:15')).toBeTruthy();
  expect(screen.queryByText('Clocks in Europe/Berlin show this.')).toBeNull();
  gate.resolve(Response.json({ times: ['2026-10-24T17:15:00.000Z'] }));
  await screen.findByText('Saturday 24 October, 19:15');
  expect(screen.getByText('Clocks in Europe/Berlin show this.')).toBeTruthy();
});

test.each([
  ['UTC', 'Europe/London', 'Europe/London', ['UTC', 'Europe/London']],
  ['UTC', 'UTC', 'UTC', []],
  ['UTC', undefined, 'UTC', []],
  ['Asia/Tokyo', 'Europe/London', 'Asia/Tokyo', []],
])('with %s and %s it is %s', (account, browser, chosen, offered) => {
  expect(zoneFor(account, browser)).toBe(chosen);
  expect(zonesOffered(account, browser)).toEqual(offered);
});

test('a change of the clock has a direction', () => {
  const between = (zone: string, one: string, other: string) => clockChange(zone, new Date(one), new Date(other));
  expect(between('Europe/Berlin', '2026-03-28T18:15:00Z', '2026-03-29T17:15:00Z')).toBe('forward');
  expect(between('Europe/Berlin', '2026-10-24T17:15:00Z', '2026-10-25T18:15:00Z')).toBe('backward');
  expect(between('UTC', '2026-10-24T17:15:00Z', '2026-10-25T18:15:00Z')).toBeUndefined();
});
