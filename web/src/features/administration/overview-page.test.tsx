import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { formatClock } from '../../ui/format.ts';
import { refuse } from '../chat/server.fixture.ts';
import { AdminServer, button, click, heading, seriesOf, summaryOf } from './administration.fixture.tsx';
import { CanvasBoundary } from './canvas-boundary.tsx';

const summaries = 'GET /api/analytics/summary';
const everySeries = 'GET /api/analytics/timeseries';
let server: AdminServer;

beforeEach(() => {
  server = new AdminServer();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const Broken = () => {
  throw new Error('The file is not there any more.');
};
const tile = async (name: string) => (await screen.findByText(name, { selector: 'dt' })).parentElement?.textContent;

describe('the figures', () => {
  test('have their unit, their period and what they were before', async () => {
    server.others.set(summaries, () => [200, summaryOf({ messages: server.countOf(summaries) === 1 ? 12 : 10 })]);
    await server.open('/admin');
    expect(await tile('Messages')).toBe('Messages last 30 days1220% more than before (10)');
    expect(await tile('People active today')).toBe('People active today since midnight, UTC2');
    expect(await tile('Tokens')).toContain('1,000 read, 234 written');
    expect(await tile('Cost')).toContain('1.50in the currency of the models’ prices');
    expect(await tile('Mean response')).toContain('1.25 s');
    expect(await tile('Error rate')).toContain('2.5%of requests');
  });

  test('say where there is nothing to tell', async () => {
    const { meanResponseMs: _, p95ResponseMs: __, ...silent } = summaryOf({ messages: 0 });
    server.others.set(summaries, () => [200, silent]);
    await server.open('/admin');
    expect(await tile('Mean response')).toContain('none');
    expect(await tile('Messages')).toContain('as before (0)');
  });

  test('are of the period that is chosen, in the address too, by days of the viewer', async () => {
    server.me = { ...server.me, timeZone: 'Europe/Berlin' };
    await server.open('/admin');
    fireEvent.click(await screen.findByRole('radio', { name: '7 days' }));
    await waitFor(async () => expect(await tile('Messages')).toContain('last 7 days'));
    expect(server.queryOf(everySeries)).toMatchObject({ by: 'day', timeZone: 'Europe/Berlin' });
    expect(screen.getByText('Days begin at midnight in Europe/Berlin.')).toBeTruthy();
    fireEvent.click(screen.getByRole('radio', { name: '24 hours' }));
    await waitFor(() => expect(server.queryOf(everySeries)['by']).toBe('hour'));
  });

  test('of days of one’s own are not asked for until the days make sense; the last ones stay', async () => {
    await server.open('/admin');
    await tile('Messages');
    fireEvent.click(screen.getByRole('radio', { name: 'Own' }));
    await waitFor(() => expect(server.countOf(summaries)).toBe(4));
    fireEvent.change(screen.getByLabelText('Last day'), { target: { value: '2020-01-01' } });
    expect((await screen.findByRole('alert')).textContent).toBe(
      'The last day is before the first. Choose a later one.',
    );
    expect(await tile('Messages')).toBeTruthy();
    expect(server.countOf(summaries)).toBe(4);
  });

  test('are asked for again every 30 seconds, not while the window is hidden, and what is shown stays', async () => {
    const begin = new Date('2026-03-02T12:00:00Z');
    vi.useFakeTimers({ shouldAdvanceTime: true, now: begin });
    server.me = { ...server.me, timeZone: 'Pacific/Kiritimati' };
    await server.open('/admin');
    expect(await tile('Messages')).toContain('12');
    server.others.set(summaries, () => [200, summaryOf({ messages: 99 })]);
    const seen = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    act(() => void document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
    await act(() => vi.advanceTimersByTimeAsync(61_000));
    expect(server.countOf(summaries)).toBe(2);
    seen.mockReturnValue('visible');
    act(() => void document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
    await waitFor(async () => expect(await tile('Messages')).toContain('99'));
    await act(() => vi.advanceTimersByTimeAsync(31_000));
    expect(server.countOf(summaries)).toBe(6);
    const [hour] = formatClock(begin.getTime()).split(':');
    expect(screen.getByText(new RegExp(`^Refreshed at ${hour}:.*, again every 30 seconds$`))).toBeTruthy();
  });

  test('stay where they cannot be refreshed, which is said', async () => {
    await server.open('/admin');
    await tile('Messages');
    server.others.set(summaries, () => refuse('store_unavailable', 503));
    await click('Refresh now');
    expect(await screen.findByText('The figures could not be refreshed')).toBeTruthy();
    expect(screen.getByText(/Those below are of .*asked for again/)).toBeTruthy();
    expect(await tile('Messages')).toContain('12');
    expect(await button(/Copy trace ID/)).toBeTruthy();
  });

  test('that cannot be loaded at all say so, and are asked for again at a click', async () => {
    server.others.set(summaries, () => refuse('store_unavailable', 503));
    await server.open('/admin');
    expect(await screen.findByText('The figures could not be loaded')).toBeTruthy();
    server.others.set(summaries, () => [200, summaryOf()]);
    await click('Load again');
    expect(await tile('Messages')).toContain('12');
  });
});

describe('the charts', () => {
  const chart = (name: string) => screen.findByRole('region', { name: new RegExp(`^${name}`) });

  test('are drawn by day, model and person, each with a table of the same figures', async () => {
    await server.open('/admin');
    const byDay = await chart('Messages by day');
    expect(await within(byDay).findByRole('img', { name: /^Messages by day, last 30 days/ })).toBeTruthy();
    expect(within(byDay).getByText('All').nextSibling?.textContent).toBe('12');
    fireEvent.click(within(byDay).getByRole('button', { name: 'Show as table' }));
    const rows = within(byDay)
      .getAllByRole('row')
      .map(({ textContent }) => textContent);
    expect(rows).toEqual(['DayAll', 'Nov 13', 'Nov 20', 'Nov 39']);
    expect(within(await chart('Messages by model')).getByText('demo')).toBeTruthy();
    expect(within(await chart('Messages by person')).getByText('Grace')).toBeTruthy();
  });

  test('show another measure at a choice', async () => {
    await server.open('/admin');
    fireEvent.change(await screen.findByLabelText('Shown in the charts'), { target: { value: 'cost' } });
    expect(within(await chart('Cost by day')).getByText('All').nextSibling?.textContent).toBe('4.50');
  });

  test('are drawn anew where the theme changes', async () => {
    await server.open('/admin');
    const drawn = () => document.querySelectorAll('.uplot').length;
    await waitFor(() => expect(drawn()).toBe(3));
    const first = document.querySelector('.uplot');
    document.documentElement.dataset['theme'] = 'dark';
    await waitFor(() => expect(document.querySelector('.uplot')).not.toBe(first));
    delete document.documentElement.dataset['theme'];
    expect(drawn()).toBe(3);
  });

  test('of more points than the server gives are left out alone', async () => {
    server.others.set(everySeries, (query) =>
      query.get('split') === 'person'
        ? refuse('invalid_request', 400)
        : [200, { from: '', to: '', items: [seriesOf([1])] }],
    );
    await server.open('/admin');
    expect(await screen.findByText('That would be too many points. Choose a shorter period.')).toBeTruthy();
    expect(await chart('Messages by day')).toBeTruthy();
  });

  test('leave their words where a drawing cannot be loaded', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    render(
      <CanvasBoundary fallback={<p>In words</p>}>
        <Broken />
      </CanvasBoundary>,
    );
    expect(screen.getByText('In words')).toBeTruthy();
  });

  test('stand above who took the most tokens, with the way to each', async () => {
    await server.open('/admin');
    const link = await screen.findByRole('link', { name: 'Grace' });
    expect(link.getAttribute('href')).toBe('/admin/people/grace');
  });
});

describe('the export', () => {
  const choose = async (name: string) => {
    fireEvent.keyDown(await button('Export'), { key: 'Enter' });
    fireEvent.click(await screen.findByRole('menuitem', { name }));
  };

  test('gives the figures of the period as a file', async () => {
    const names: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    server.others.set('GET /api/analytics/export', () => [200, 'at,series']);
    await server.open('/admin?period=own&from=2026-11-01&to=2026-11-03');
    await choose('People as CSV');
    await waitFor(() => expect(names).toEqual(['lamplight-people-2026-11-01-to-2026-11-03.csv']));
    expect(server.queryOf('GET /api/analytics/export')).toMatchObject({
      what: 'people',
      from: '2026-11-01T00:00:00.000Z',
    });
    await choose('Time series as CSV');
    await waitFor(() => expect(names[1]).toBe('lamplight-timeseries-2026-11-01-to-2026-11-03.csv'));
  });

  test('says where it failed', async () => {
    server.others.set('GET /api/analytics/export', () => refuse('store_unavailable', 503));
    await server.open('/admin');
    await choose('Time series as CSV');
    expect(await screen.findByText('The figures were not downloaded')).toBeTruthy();
  });
});

describe('who sees the administration', () => {
  const tabs = async () =>
    within(await screen.findByRole('navigation', { name: 'Administration' }))
      .getAllByRole('link')
      .map(({ textContent }) => textContent);

  test('administrators all of it', async () => {
    await server.open('/admin');
    expect(await tabs()).toHaveLength(7);
    expect(await screen.findByRole('link', { name: 'Administration' })).toBeTruthy();
  });

  test('managers what they may, and are told plainly where they may not', async () => {
    server.me = { ...server.me, role: 'manager' };
    await server.open('/admin/settings');
    expect(await tabs()).toEqual(['Overview', 'People', 'Stories of people']);
    expect(screen.getByText('This place is for administrators')).toBeTruthy();
    expect(server.countOf('GET /api/admin/settings')).toBe(0);
    fireEvent.click(screen.getByRole('link', { name: 'Go to the overview' }));
    expect(await heading('Overview')).toBeTruthy();
  });

  test.each(['guest', 'user'])('not a %s: there is nothing at the address, nor a way to it', async (role) => {
    server.me = { ...server.me, role };
    await server.open('/admin/people');
    expect(await heading('There is nothing at this address')).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Administration' })).toBeNull();
    expect(server.countOf('GET /api/admin/people')).toBe(0);
  });

  test('nobody at an address below it that there is not', async () => {
    await server.open('/admin/nothing');
    expect(await heading('There is nothing at this address')).toBeTruthy();
  });

  test('a person whose role was taken meanwhile no more', async () => {
    await server.open('/admin/audit');
    expect(await heading('Audit log')).toBeTruthy();
    server.me = { ...server.me, role: 'manager' };
    server.others.set('GET /api/admin/settings', () => refuse('forbidden', 403));
    fireEvent.click(screen.getByRole('link', { name: 'Settings' }));
    expect(await screen.findByText('This place is for administrators')).toBeTruthy();
  });
});
