import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { model, refuse } from '../chat/server.fixture.ts';
import { AdminServer, button, click, fill, heading, settings } from './administration.fixture.tsx';

const save = 'PATCH /api/admin/settings';
let server: AdminServer;

beforeEach(() => {
  server = new AdminServer();
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const open = async () => {
  await server.open('/admin/settings');
  await heading('Settings');
  await screen.findByLabelText('Registration');
};
const saved = (change: object) =>
  server.others.set(save, () => {
    server.settings = { ...settings, ...change };
    return [200, server.settings];
  });

describe('the settings', () => {
  test('mark what is changed with what it was, and send only that', async () => {
    saved({ registration: 'invite', budgets: { ...settings.budgets, user: 5 } });
    await open();
    expect(await button('Nothing is changed')).toHaveProperty('disabled', true);
    fill('Registration', 'invite');
    fill('Users', '5');
    expect(screen.getByText('Changed. It was: Open: anybody')).toBeTruthy();
    expect(screen.getByText('Changed. It was: 100,000')).toBeTruthy();
    await click('Save 2 changes');
    expect(await screen.findByText('The settings are saved and hold everywhere')).toBeTruthy();
    expect(server.sentTo(save)).toEqual({ registration: 'invite', budgets: { user: 5 } });
    expect(await button('Nothing is changed')).toBeTruthy();
    expect(screen.queryByText(/^Changed/)).toBeNull();
  });

  test('show the banner as it will look, and every page has it once it is saved', async () => {
    saved({ banner: 'Back at noon' });
    await open();
    fill('Banner', 'Back at noon');
    expect(screen.getAllByRole('note').map(({ textContent }) => textContent)).toEqual(['Back at noon']);
    server.options = { ...server.options, banner: 'Back at noon' };
    await click('Save 1 change');
    await waitFor(() => expect(screen.getAllByRole('note')).toHaveLength(2));
    expect(server.sentTo(save)).toEqual({ banner: 'Back at noon' });
  });

  test('turn guests away, and name the model for those who choose none', async () => {
    server.models = { items: [model('demo', true), model('big', false)], default: 'demo' };
    saved({ guests: false, defaultModel: 'big' });
    await open();
    fireEvent.click(screen.getByRole('switch', { name: 'Guests' }));
    await screen.findByRole('option', { name: 'Model big' });
    fill('Default model', 'big');
    expect(screen.getByText('Changed. It was: As the server has it')).toBeTruthy();
    await click('Save 2 changes');
    await waitFor(() => expect(server.sentTo(save)).toEqual({ guests: false, defaultModel: 'big' }));
  });

  test('are not saved with a number out of bounds, which says its bounds', async () => {
    await open();
    fill('Messages a minute', '0');
    const field = screen.getByLabelText('Messages a minute');
    expect(field.getAttribute('aria-invalid')).toBe('true');
    const problem = document.getElementById(field.getAttribute('aria-describedby')?.split(' ')[0] ?? '');
    expect(problem?.textContent).toBe('A whole number from 1 to 100,000.');
    expect(await button('Save 1 change')).toHaveProperty('disabled', true);
    await click('Discard changes');
    expect(screen.getByLabelText('Messages a minute')).toHaveProperty('value', '20');
  });

  test('that are refused keep what was changed and say why', async () => {
    server.others.set(save, () => refuse('store_unavailable', 503));
    await open();
    fill('Stories a day', '3');
    await click('Save 1 change');
    expect(await screen.findByText('The settings were not saved')).toBeTruthy();
    expect(screen.getByText('What you changed is kept here.')).toBeTruthy();
    expect(screen.getByLabelText('Stories a day')).toHaveProperty('value', '3');
  });

  test('are not left with a change in them without a question', async () => {
    await open();
    fill('Stories a day', '3');
    fireEvent.click(screen.getByRole('link', { name: 'Audit log' }));
    const question = await screen.findByRole('dialog');
    expect(screen.getByLabelText('Stories a day')).toHaveProperty('value', '3');
    fireEvent.click(within(question).getByRole('button', { name: 'Keep' }));
    expect(await heading('Settings')).toBeTruthy();
  });

  test('that cannot be loaded say so', async () => {
    server.others.set('GET /api/admin/settings', () => refuse('rate_limited', 429));
    await server.open('/admin/settings');
    expect(await screen.findByText('Settings could not be loaded')).toBeTruthy();
  });
});
