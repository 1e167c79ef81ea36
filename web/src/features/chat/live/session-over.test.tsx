import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { signIn, tokenOf } from '../../../api/session.fixture.ts';
import { ChatPage } from '../page.fixture.tsx';
import { message } from '../server.fixture.ts';

const page = ChatPage.forEach('account');

/** The server no longer knows the session, and closes the connection. */
async function endSession() {
  page.server.isSessionOver = true;
  act(() => page.server.socket.onclose?.({ code: 1008 }));
  return await screen.findByRole('dialog', { name: 'Your session has ended' });
}
const comeBack = async (person?: string) => {
  page.server.isSessionOver = false;
  await act(() => signIn(page.entry, person, 'account'));
};

describe('a session that ends', () => {
  test('asks to sign in over the page, which stays as it is and can be read', async () => {
    page.server.messages = [message('m1')];
    await page.open('/c/c1');
    await screen.findByText('text of m1');
    const { box } = page;
    page.type('unsent');
    const dialog = await endSession();
    expect(within(dialog).getByRole('textbox', { name: 'E-mail' })).toBeTruthy();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Read on without signing in' }));
    expect(screen.getByText('text of m1')).toBeTruthy();
    expect(screen.getByText('Signed out')).toBeTruthy();
    expect(page.box).toBe(box);
    expect(box.value).toBe('unsent');
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(screen.getByRole('dialog', { name: 'Your session has ended' })).toBeTruthy();
  });

  test('sends what waits once the same person is back, and asks anew for what was missed', async () => {
    page.server.messages = [message('m1')];
    await page.open('/c/c1');
    await screen.findByText('text of m1');
    const dialog = await endSession();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Read on without signing in' }));
    page.send('while signed out');
    expect(screen.getByText('while signed out')).toBeTruthy();
    expect(page.sentTexts).toEqual([]);
    const asked = () => page.server.requests.filter((request) => request.includes('/messages')).length;
    const before = asked();
    await comeBack();
    expect(screen.queryByRole('dialog')).toBeNull();
    await page.connect(2);
    expect(page.sentTexts).toEqual(['while signed out']);
    await waitFor(() => expect(asked()).toBeGreaterThan(before));
  });

  test('signs in with the password, in the dialog', async () => {
    await page.open('/c/c1');
    const dialog = await endSession();
    page.server.isSessionOver = false;
    page.server.others.set('POST /api/auth/token', () => [200, { access_token: tokenOf('ada', 2), expires_in: 900 }]);
    fireEvent.change(within(dialog).getByLabelText('E-mail'), { target: { value: 'ada@example.org' } });
    fireEvent.change(within(dialog).getByLabelText('Password'), { target: { value: 'a long walk at night' } });
    fireEvent.submit(within(dialog).getByLabelText('Password'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await page.connect(2);
  });

  test('gives somebody else a page of their own, with nothing of the first one’s', async () => {
    await page.open('/c/c1');
    const dialog = await endSession();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Read on without signing in' }));
    page.send('not for others');
    page.type('nor this');
    await comeBack('bo');
    await page.connect(2);
    expect(page.sentTexts).toEqual([]);
    expect(page.box.value).toBe('');
    expect(screen.queryByText('not for others')).toBeNull();
  });

  test('keeps what was being written for whoever comes back after a reload', async () => {
    await page.open('/c/c1');
    page.type('unsent');
    await endSession();
    await comeBack();
    await page.connect(2);
    expect(page.box.value).toBe('unsent');
  });

  test('goes away where the person gives it up', async () => {
    await page.open('/c/c1');
    const dialog = await endSession();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Read on without signing in' }));
    fireEvent.click(screen.getByRole('button', { name: 'End session' }));
    expect(await screen.findByRole('button', { name: 'Start' })).toBeTruthy();
  });
});
