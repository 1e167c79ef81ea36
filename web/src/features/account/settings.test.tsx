import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { refuse } from '../chat/server.fixture.ts';
import { accountSettings, button, click, write } from './settings.fixture.ts';

const settings = accountSettings();

describe('the profile', () => {
  test('is led to by one’s name in the sidebar', async () => {
    vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => {}, removeEventListener: () => {} }));
    await settings.server.open('/');
    const link = await screen.findByRole('link', { name: 'Your account: Ada' });
    fireEvent.click(link);
    await screen.findByRole('heading', { name: 'Settings' });
    expect(screen.getByText('ada@example.org')).toBeTruthy();
    expect(screen.getByText('User')).toBeTruthy();
  });

  test('changes the name, and says so', async () => {
    await settings.server.open('/settings');
    expect(await button('Save name')).toHaveProperty('disabled', true);
    await write('Your name', ' Grace ');
    await click('Save name');
    await screen.findByText('Your name is saved.');
    expect(settings.server.sentTo('PATCH /api/me')).toEqual({ name: 'Grace' });
  });

  test('says that the name was not saved, and keeps what was written', async () => {
    settings.server.others.set('PATCH /api/me', () => refuse('store_unavailable', 503));
    await settings.server.open('/settings');
    await write('Your name', 'Grace');
    await click('Save name');
    await screen.findByText('Your name was not saved');
    expect(screen.getByLabelText('Your name')).toHaveProperty('value', 'Grace');
  });

  test('finds a time zone by some of its name, with the keys', async () => {
    await settings.server.open('/settings');
    const zone = await screen.findByRole('combobox', { name: 'Time zone' });
    fireEvent.click(zone);
    fireEvent.change(zone, { target: { value: 'new york' } });
    expect(within(screen.getByRole('listbox')).getAllByRole('option')).toHaveLength(1);
    fireEvent.keyDown(zone, { key: 'Enter' });
    await screen.findByText('Your time zone is saved.');
    expect(settings.server.sentTo('PATCH /api/me')).toEqual({ timeZone: 'America/New_York' });
  });

  test('changes the language of the page and of the account', async () => {
    await settings.server.open('/settings');
    fireEvent.click(await screen.findByRole('radio', { name: 'Deutsch' }));
    await screen.findByRole('heading', { name: 'Einstellungen' });
    await waitFor(() => expect(settings.server.sentTo('PATCH /api/me')).toEqual({ language: 'de' }));
  });

  test('changes the theme', async () => {
    await settings.server.open('/settings');
    fireEvent.click(await screen.findByRole('radio', { name: 'Dark' }));
    expect(document.documentElement.dataset['theme']).toBe('dark');
    fireEvent.click(screen.getByRole('radio', { name: 'As the system' }));
    expect(localStorage.getItem('lamplight.theme')).toBeNull();
  });

  test('of a guest offers to keep what there is', async () => {
    settings.server.me = { ...settings.server.me, role: 'guest', hasPassword: false };
    await settings.server.open('/settings');
    const main = within(screen.getByRole('main'));
    fireEvent.click(await main.findByRole('button', { name: 'Keep my conversations' }));
    await screen.findByRole('button', { name: 'Create account' });
  });

  test('says why it cannot be shown, and asks again', async () => {
    settings.server.others.set('GET /api/me', () => refuse('not_found', 404));
    await settings.server.open('/settings');
    await screen.findByText('This could not be loaded');
    settings.server.others.delete('GET /api/me');
    await click('Try again');
    await screen.findByLabelText('Your name');
  });

  test('has nothing at an address that is no part of it', async () => {
    await settings.server.open('/settings/nothing');
    await screen.findByText('There is nothing at this address');
  });
});

describe('the story settings', () => {
  test('are saved as they stand', async () => {
    settings.server.others.set('PATCH /api/story-settings', () => [
      200,
      settings.server.sentTo('PATCH /api/story-settings'),
    ]);
    await settings.server.open('/settings/stories');
    await write('Who is it for?', 'Otto');
    fireEvent.click(await screen.findByRole('radio', { name: '10 minutes' }));
    await click('Save');
    await screen.findByText('Your story settings are saved.');
    expect(settings.server.sentTo('PATCH /api/story-settings')).toMatchObject({
      readerName: 'Otto',
      minutes: 10,
      readerAge: 5,
      themes: ['the sea'],
    });
  });

  test('are not left with a change in them without a question', async () => {
    await settings.server.open('/settings/stories');
    await write('Who is it for?', 'Otto');
    fireEvent.click(screen.getByRole('link', { name: 'Security' }));
    const question = await screen.findByRole('dialog', { name: 'Leave without saving?' });
    fireEvent.click(within(question).getByRole('button', { name: 'Keep' }));
    expect(screen.getByLabelText('Who is it for?')).toHaveProperty('value', 'Otto');
  });

  test('that were refused say why, and stay in the form', async () => {
    settings.server.others.set('PATCH /api/story-settings', () => refuse('invalid_request', 400));
    await settings.server.open('/settings/stories');
    await write('Who is it for?', 'Otto');
    await click('Save');
    await screen.findByText('Your story settings were not saved');
    expect(screen.getByLabelText('Who is it for?')).toHaveProperty('value', 'Otto');
  });

  test('stop the mails, and let them come again', async () => {
    await settings.server.open('/settings/stories');
    const mails = await screen.findByRole('switch', { name: 'Stories by mail' });
    fireEvent.click(mails);
    await screen.findByText('No story comes by mail.');
    expect(settings.server.sentTo('PATCH /api/me')).toEqual({ storyMails: false });
    await waitFor(() => expect(mails.getAttribute('aria-checked')).toBe('false'));
    fireEvent.click(mails);
    await screen.findByText('Stories come by mail again.');
  });
});

describe('the data', () => {
  test('tells what was used today, in words', async () => {
    await settings.server.open('/settings/data');
    await screen.findByText('250 of 1,000 tokens used');
    expect(screen.getByRole('meter', { name: 'Tokens' }).getAttribute('aria-valuenow')).toBe('250');
    expect(screen.getByText('45 of 60 messages left for now')).toBeTruthy();
    expect(screen.getByText(/50 more are held/)).toBeTruthy();
  });

  test('can be downloaded, and says where it could not', async () => {
    vi.stubGlobal('URL', Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => {} }));
    settings.server.others.set('GET /api/me/export', () => refuse('store_unavailable', 503));
    await settings.server.open('/settings/data');
    await click('Download my data');
    await screen.findByText('Your data could not be downloaded');
    settings.server.others.set('GET /api/me/export', () => [200, {}]);
    await click('Download my data');
    await screen.findByText('Your data is downloaded.');
  });

  test('is deleted with the password, and the session is over', async () => {
    settings.server.others.set('POST /api/me/delete', () => refuse('wrong_credentials', 401));
    await settings.server.open('/settings/data');
    await click('Delete account');
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.change(dialog.getByLabelText('Password'), { target: { value: 'wrong' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Delete account' }));
    await dialog.findByText(/Nothing was deleted/);
    settings.server.others.set('POST /api/me/delete', () => [204]);
    fireEvent.click(dialog.getByRole('button', { name: 'Delete account' }));
    await screen.findByText('Good to see you');
    expect(settings.server.sentTo('POST /api/me/delete')).toEqual({ password: 'wrong' });
  });
});
