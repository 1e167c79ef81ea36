import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { refuse } from '../chat/server.fixture.ts';
import { AdminServer, button, click, fill, heading, personOf } from './administration.fixture.tsx';

const list = 'GET /api/admin/people';
const change = 'PATCH /api/admin/people/grace';
let server: AdminServer;

beforeEach(() => {
  server = new AdminServer();
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const confirm = (verb: string) =>
  fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: verb }));
/** The server does as it is asked. */
const obeys = () =>
  server.others.set(change, () => {
    const { dailyTokenBudget, ...asked } = server.sentTo(change) as Record<string, never>;
    const { dailyTokenBudget: before, ...person } = { ...server.person, ...asked };
    const budget = dailyTokenBudget === undefined ? before : dailyTokenBudget;
    server.person = { ...person, ...(budget != null && { dailyTokenBudget: budget }) };
    return [200, server.person];
  });

describe('people', () => {
  test('are listed with their role, budget and when they were last seen', async () => {
    server.others.set(list, () => [
      200,
      { items: [personOf({ disabled: true, dailyTokenBudget: 5_000 }), personOf({ id: 'o', name: 'Otto' })] },
    ]);
    await server.open('/admin/people');
    await screen.findByRole('link', { name: 'Otto' });
    const [, grace, otto] = screen.getAllByRole('row').map(({ textContent }) => textContent);
    expect(grace).toMatch(/^Grace Disabledgrace@example.orgUser5,000Nov 20, 2026/);
    expect(otto).toContain('that of the role');
  });

  test('are found by words, role and state', async () => {
    await server.open('/admin/people');
    await screen.findByRole('link', { name: 'Grace' });
    fill('Find by name or e-mail', 'gra');
    fill('Role', 'guest');
    fill('State', 'true');
    await waitFor(() => expect(server.queryOf(list)).toEqual({ q: 'gra', role: 'guest', disabled: 'true' }));
  });

  test('of which nobody is like this say so, and how to see all again', async () => {
    server.others.set(list, (query) => [200, { items: query.get('q') ? [] : [personOf()] }]);
    await server.open('/admin/people');
    await screen.findByRole('link', { name: 'Grace' });
    fill('Find by name or e-mail', 'nobody');
    expect(await screen.findByText('Nobody is like this')).toBeTruthy();
    await click('Show all');
    expect(await screen.findByRole('link', { name: 'Grace' })).toBeTruthy();
  });

  test('that cannot be loaded say so', async () => {
    server.others.set(list, () => refuse('rate_limited', 429));
    await server.open('/admin/people');
    expect(await screen.findByText('People could not be loaded')).toBeTruthy();
    server.others.set(list, () => [200, { items: [personOf()] }]);
    await click('Load again');
    expect(await screen.findByRole('link', { name: 'Grace' })).toBeTruthy();
  });
});

describe('a person', () => {
  test('gets another role after a question', async () => {
    obeys();
    await server.open('/admin/people/grace');
    await heading('Grace');
    expect(await button('Change role')).toHaveProperty('disabled', true);
    fill('Role of Grace', 'manager');
    await click('Change role');
    expect(screen.getByRole('dialog').textContent).toContain('User now, then Manager: Also sees figures');
    expect(server.countOf(change)).toBe(0);
    confirm('Change role');
    expect(await screen.findByText('Grace: Manager from now on')).toBeTruthy();
    expect(server.sentTo(change)).toEqual({ role: 'manager' });
  });

  test('who is the last administrator keeps the role, in words', async () => {
    server.person = personOf({ role: 'admin' });
    server.others.set(change, () => [
      409,
      { error: { code: 'last_administrator', message: 'Nobody else could administer then.', traceId: 'f'.repeat(32) } },
    ]);
    await server.open('/admin/people/grace');
    await heading('Grace');
    fill('Role of Grace', 'user');
    await click('Change role');
    confirm('Change role');
    expect(await screen.findByText('The role was not changed')).toBeTruthy();
    expect(screen.getByText('Nobody else could administer then.')).toBeTruthy();
  });

  test('gets a budget of their own, and that of the role again', async () => {
    obeys();
    await server.open('/admin/people/grace');
    expect(await screen.findByText('As the role has it: 100,000')).toBeTruthy();
    fireEvent.click(screen.getByRole('radio', { name: 'An own budget' }));
    fill('Tokens a day', '1e5');
    expect(await button('Save budget')).toHaveProperty('disabled', true);
    fill('Tokens a day', '0');
    await click('Save budget');
    expect(await screen.findByText('The budget is saved and holds at once')).toBeTruthy();
    expect(server.sentTo(change)).toEqual({ dailyTokenBudget: 0 });
    fireEvent.click(await screen.findByRole('radio', { name: /^As the role/ }));
    await click('Save budget');
    await waitFor(() => expect(server.sentTo(change)).toEqual({ dailyTokenBudget: null }));
  });

  test('is disabled after a question, and enabled without one', async () => {
    obeys();
    await server.open('/admin/people/grace');
    await click('Disable');
    confirm('Disable');
    expect(await screen.findByText('Grace is disabled')).toBeTruthy();
    await click('Enable');
    expect(await screen.findByText('Grace can sign in again')).toBeTruthy();
    expect(server.sentTo(change)).toEqual({ disabled: false });
  });

  test('is signed out everywhere after a question, or is not', async () => {
    const sessions = 'DELETE /api/admin/people/grace/sessions';
    server.others.set(sessions, () => [204]);
    await server.open('/admin/people/grace');
    await click('End all sessions');
    fireEvent.click(await button('Keep'));
    expect(server.countOf(sessions)).toBe(0);
    await click('End all sessions');
    confirm('End all sessions');
    expect(await screen.findByText('Grace is signed out everywhere')).toBeTruthy();
    server.others.set(sessions, () => refuse('store_unavailable', 503));
    await click('End all sessions');
    confirm('End all sessions');
    expect(await screen.findByText('The sessions were not ended')).toBeTruthy();
  });

  test('is deleted after a question that says what goes, and the list shows', async () => {
    server.others.set('DELETE /api/admin/people/grace', () => [204]);
    await server.open('/admin/people/grace');
    await click('Delete person');
    expect(screen.getByRole('dialog').textContent).toContain('There is no way back');
    confirm('Delete person');
    expect(await heading('People')).toBeTruthy();
    expect(await screen.findByText('Grace is deleted')).toBeTruthy();
    server.others.set('GET /api/admin/people/grace', () => refuse('not_found', 404));
    fireEvent.click(await screen.findByRole('link', { name: 'Grace' }));
    expect(await screen.findByText('This person is not here')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Delete person' })).toBeNull();
  });

  test('begins an own budget with that of the role, which comes later than the person does', async () => {
    await server.open('/admin/people/grace');
    fireEvent.click(await screen.findByText('An own budget'));
    await waitFor(() => expect(screen.getByLabelText('Tokens a day')).toHaveProperty('value', '100000'));
  });

  test('has nothing on the way where no period is whole', async () => {
    await server.open('/admin/people/grace?period=own&from=&to=2026-11-20');
    await screen.findByRole('alert');
    await heading('Grace');
    expect(document.querySelector('.still-breathing')).toBeNull();
  });

  test('who was not deleted stays', async () => {
    server.others.set('DELETE /api/admin/people/grace', () => refuse('last_administrator', 409));
    await server.open('/admin/people/grace');
    await click('Delete person');
    confirm('Delete person');
    expect(await screen.findByText('Grace was not deleted')).toBeTruthy();
    expect(await heading('Grace')).toBeTruthy();
  });

  test('who is oneself keeps role and access', async () => {
    await server.open('/admin/people/p');
    await heading('Root');
    expect(screen.getByText(/^This is you/)).toBeTruthy();
    for (const name of ['Change role', 'Disable', 'Delete person'])
      expect(screen.queryByRole('button', { name })).toBeNull();
  });

  test('who is a guest gets no role', async () => {
    server.person = personOf({ role: 'guest' });
    await server.open('/admin/people/grace');
    expect(await screen.findByText(/^A guest has no account/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Change role' })).toBeNull();
  });

  test('has what they used in a period, by day', async () => {
    await server.open('/admin/people/grace?period=7');
    const messages = await screen.findByText('Messages', { selector: 'dt' });
    expect(messages.parentElement?.textContent).toBe('Messages last 7 days12');
    expect(server.queryOf('GET /api/analytics/timeseries')).toMatchObject({ personId: 'grace', by: 'day' });
    expect(await screen.findByRole('img', { name: /^Tokens by day/ })).toBeTruthy();
  });

  test('whose use cannot be loaded is shown all the same', async () => {
    server.others.set('GET /api/analytics/timeseries', () => refuse('invalid_request', 400));
    await server.open('/admin/people/grace');
    expect(await screen.findByText('What the person used could not be loaded')).toBeTruthy();
    expect(await heading('Grace')).toBeTruthy();
  });

  test('is only looked at by managers', async () => {
    server.me = { ...server.me, role: 'manager' };
    await server.open('/admin/people/grace');
    expect(await screen.findByText('Only administrators change people.')).toBeTruthy();
    for (const name of ['Change role', 'Save budget', 'Disable', 'End all sessions', 'Delete person'])
      expect(screen.queryByRole('button', { name })).toBeNull();
    expect(screen.getByRole('link', { name: 'Stories of this person' })).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'In the audit log' })).toBeNull();
    expect(server.countOf('GET /api/admin/settings')).toBe(0);
  });

  test('who is not there, or cannot be loaded, is told as that', async () => {
    server.others.set('GET /api/admin/people/grace', () => refuse('not_found', 404));
    await server.open('/admin/people/grace');
    expect(await screen.findByText('This person is not here')).toBeTruthy();
    cleanup();
    server = new AdminServer();
    server.others.set('GET /api/admin/people/grace', () => refuse('rate_limited', 429));
    await server.open('/admin/people/grace');
    expect(await screen.findByText('This person could not be loaded')).toBeTruthy();
  });
});
