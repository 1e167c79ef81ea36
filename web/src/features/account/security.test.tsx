import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { refuse } from '../chat/server.fixture.ts';
import { accountSettings, apiKey, click, write } from './settings.fixture.ts';

const settings = accountSettings();

describe('security', () => {
  test('changes the password', async () => {
    settings.server.others.set('POST /api/me/password', () => [204]);
    await settings.server.open('/settings/security');
    await click('Change password');
    await write('Current password', 'the evening lamp');
    await write('New password', 'another evening lamp');
    await click('Change password');
    await screen.findByText(/Your password is changed/);
    expect(settings.server.sentTo('POST /api/me/password')).toEqual({
      current: 'the evening lamp',
      password: 'another evening lamp',
    });
    expect(screen.queryByLabelText('Current password')).toBeNull();
  });

  test('says that the current password is another one', async () => {
    settings.server.others.set('POST /api/me/password', () => refuse('wrong_credentials', 401));
    await settings.server.open('/settings/security');
    await click('Change password');
    await write('Current password', 'wrong');
    await write('New password', 'another evening lamp');
    await click('Change password');
    await screen.findByText(/The current password is another one/);
  });

  test('tells where one is signed in, and which of them is this', async () => {
    await settings.server.open('/settings/security');
    const row = (await screen.findByText('Firefox on Linux')).closest('li');
    expect(row?.textContent).toContain('This one');
    expect(screen.queryByRole('button', { name: 'End Firefox on Linux' })).toBeNull();
  });

  test('ends one session, also where it is over already', async () => {
    settings.server.others.set('DELETE /api/me/sessions/s2', () => refuse('not_found', 404));
    await settings.server.open('/settings/security');
    await click('End Safari on iOS');
    await screen.findByText('Safari on iOS is signed out.');
  });

  test('ends all others, and says where it could not', async () => {
    settings.server.others.set('DELETE /api/me/sessions/s2', () => [204]);
    settings.server.others.set('DELETE /api/me/sessions/s3', () => refuse('forbidden', 403));
    await settings.server.open('/settings/security');
    await click('Sign out everywhere else');
    await screen.findByText('You are still signed in elsewhere');
    settings.server.others.set('DELETE /api/me/sessions/s3', () => [204]);
    await click('Sign out everywhere else');
    await screen.findByText('You are signed out everywhere else.');
    expect(settings.server.requests.filter((each) => each.startsWith('DELETE'))).not.toContain(
      'DELETE /api/me/sessions/s1',
    );
  });

  test('asks again for the list that failed, and leaves the other as it is', async () => {
    const list = settings.server.others.get('GET /api/keys');
    settings.server.others.set('GET /api/keys', () => refuse('forbidden', 403));
    await settings.server.open('/settings/security');
    const mine = await screen.findByText('Firefox on Linux');
    const { promise, resolve } = Promise.withResolvers<void>();
    settings.server.others.set('GET /api/keys', async (query) => {
      await promise;
      return list?.(query) ?? [404];
    });
    await click('Try again');
    await waitFor(() =>
      expect(settings.server.requests.filter((each) => each === 'GET /api/keys').length).toBeGreaterThan(1),
    );
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull());
    expect(mine.isConnected).toBe(true);
    resolve();
    await screen.findByText('My script');
    expect(mine.isConnected).toBe(true);
  });

  test('makes a key, and shows it once', async () => {
    settings.server.others.set('POST /api/keys', () => [201, { ...apiKey, key: 'lamp_ab_secret' }]);
    await settings.server.open('/settings/security');
    await click('Create key');
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.change(dialog.getByLabelText('What is it for?'), { target: { value: 'Backup' } });
    fireEvent.click(dialog.getByRole('checkbox', { name: 'Chat' }));
    expect(dialog.queryByRole('checkbox', { name: 'Administer' })).toBeNull();
    fireEvent.change(dialog.getByLabelText('How long does it last?'), { target: { value: '30' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Create key' }));
    await screen.findByText('lamp_ab_secret');
    expect(settings.server.sentTo('POST /api/keys')).toEqual({ name: 'Backup', scopes: ['read'], expiresInDays: 30 });
    expect(screen.getByText(/it is not shown again/)).toBeTruthy();
    fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }));
    expect(screen.getByText('lamp_ab_secret')).toBeTruthy();
    await click('I have copied it');
    expect(screen.queryByText('lamp_ab_secret')).toBeNull();
  });

  test('says why no key was made', async () => {
    settings.server.others.set('POST /api/keys', () => refuse('too_many_keys', 409));
    await settings.server.open('/settings/security');
    await click('Create key');
    const dialog = within(await screen.findByRole('dialog'));
    fireEvent.change(dialog.getByLabelText('What is it for?'), { target: { value: 'Backup' } });
    fireEvent.click(dialog.getByRole('button', { name: 'Create key' }));
    await dialog.findByText(/No key was made/);
  });

  test('ends a key after a question', async () => {
    settings.server.others.set('DELETE /api/keys/k1', () => [204]);
    await settings.server.open('/settings/security');
    await click('End key My script');
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'End key' }));
    await screen.findByText('The key My script is ended.');
  });

  test('says that a key still works where it could not be ended', async () => {
    settings.server.others.set('DELETE /api/keys/k1', () => refuse('forbidden', 403));
    await settings.server.open('/settings/security');
    await click('End key My script');
    fireEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'End key' }));
    await screen.findByText('The key still works');
  });

  test('of a guest has sessions alone', async () => {
    settings.server.me = { ...settings.server.me, role: 'guest', hasPassword: false };
    await settings.server.open('/settings/security');
    await screen.findByText('Firefox on Linux');
    expect(screen.queryByText('API keys')).toBeNull();
    expect(screen.queryByText('Password')).toBeNull();
    expect(settings.server.requests).not.toContain('GET /api/keys');
  });
});
