import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { MemoryRouter, useLocation } from 'react-router';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keptStorage } from '../../api/kept-storage.ts';
import { openSession } from '../../api/open-session.ts';
import { Browser, signIn, testEntry, tokenOf } from '../../api/session.fixture.ts';
import { App } from '../../app.tsx';
import { Drafts, newConversationKey } from '../chat/composer/drafts.ts';

function Address() {
  return <output>{useLocation().pathname}</output>;
}

const options = { registration: 'open', guests: true };
const token = { access_token: tokenOf('ada'), token_type: 'Bearer', expires_in: 900 };

/** A server that answers each `METHOD /path` with a status and a body. */
function answer(replies: Record<string, [number, unknown, HeadersInit?]>) {
  const fetched = vi.fn(async (input: string, init?: RequestInit) => {
    const [status, body, headers] = replies[`${init?.method} ${input}`] ?? [404, {}];
    return new Response(JSON.stringify(body), { status, ...(headers && { headers }) });
  });
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

function show(entry = testEntry()) {
  render(
    <MemoryRouter initialEntries={['/c/of-someone-else']}>
      <App entry={entry} />
      <Address />
    </MemoryRouter>,
  );
  return entry;
}

const button = (name: string) => screen.findByRole('button', { name });

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('Welcome', () => {
  test('starts a guest session from a name', async () => {
    const fetched = answer({ 'GET /api/auth/options': [200, options], 'POST /api/auth/guest': [201, token] });
    const { session } = show();
    const start = await button('Start');
    expect(start).toHaveProperty('disabled', true);
    fireEvent.change(screen.getByRole('textbox', { name: 'Your name' }), { target: { value: '  Ada ' } });
    fireEvent.click(start);
    await waitFor(() => expect(session.state()).toMatchObject({ kind: 'active', person: 'ada', holder: 'guest' }));
    expect(session.lastName()).toBe('Ada');
    const sent = fetched.mock.calls.find(([address]) => address === '/api/auth/guest')?.[1];
    expect(JSON.parse(String(sent?.body))).toEqual({ name: 'Ada', timeZone: expect.any(String), language: 'en' });
    expect(screen.getByText('/', { selector: 'output' })).toBeTruthy();
  });

  test('says what happened where it cannot, with the trace ID', async () => {
    const error = {
      code: 'store_unavailable',
      message: 'The database cannot be reached.',
      traceId: 'abcdef0123456789',
    };
    answer({ 'GET /api/auth/options': [200, options], 'POST /api/auth/guest': [503, { error }] });
    const { session } = show();
    fireEvent.change(await screen.findByRole('textbox', { name: 'Your name' }), { target: { value: 'Ada' } });
    fireEvent.click(await button('Start'));
    await screen.findByText('The database cannot be reached.');
    expect(screen.getByRole('button', { name: 'Copy trace ID abcdef0123456789' })).toBeTruthy();
    expect(session.state()).toEqual({ kind: 'none' });
    expect(screen.getByRole('button', { name: 'Start' })).toHaveProperty('disabled', false);
  });

  test('says when to try again where there were too many', async () => {
    const error = { code: 'rate_limited', message: 'Too many guests came from here.', traceId: 'a' };
    answer({
      'GET /api/auth/options': [200, options],
      'POST /api/auth/guest': [429, { error }, { 'retry-after': '150' }],
    });
    show();
    fireEvent.change(await screen.findByRole('textbox', { name: 'Your name' }), { target: { value: 'Ada' } });
    fireEvent.click(await button('Start'));
    await screen.findByText('Try again in 3 minutes.');
  });

  test('asks for e-mail and password where guests are not admitted, and names no way that is closed', async () => {
    answer({
      'GET /api/auth/options': [200, { registration: 'closed', guests: false, banner: 'Maintenance at eight' }],
    });
    show();
    await button('Sign in');
    expect(screen.getByText('Maintenance at eight')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Start' })).toBeNull();
    expect(screen.queryByRole('link', { name: 'Create an account' })).toBeNull();
    expect(screen.queryByRole('link', { name: /Continue with/ })).toBeNull();
  });

  test('leads to the provider, and to an account', async () => {
    answer({ 'GET /api/auth/options': [200, { ...options, openId: { name: 'Example' } }] });
    show();
    const link = await screen.findByRole('link', { name: 'Continue with Example' });
    expect(link.getAttribute('href')).toBe('/api/auth/oidc/start');
    expect(screen.getByRole('link', { name: 'Create an account' }).getAttribute('href')).toBe('/register');
    expect(screen.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/sign-in');
  });

  test('says so where the server cannot be asked how to sign in, and asks again', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    show();
    const again = await button('Try again');
    answer({ 'GET /api/auth/options': [200, options] });
    fireEvent.click(again);
    await button('Start');
  });

  test('says that a guest’s session has ended, and offers the name again', async () => {
    const entry = testEntry();
    await signIn(entry);
    const error = { code: 'session_expired', message: 'It is over.', traceId: 'a' };
    answer({ 'GET /api/auth/options': [200, options], 'POST /api/auth/refresh': [401, { error }] });
    await entry.session.renew(tokenOf('ada'));
    show(entry);
    expect(screen.getByText('Your session has ended')).toBeTruthy();
    expect(await screen.findByRole('textbox', { name: 'Your name' })).toHaveProperty('value', 'Ada');
  });

  test('keeps what a guest wrote whose session ended while no page was open, sent or not', async () => {
    await signIn(testEntry());
    new Drafts(localStorage, 'ada').set('c1', 'half a thought');
    const unsent = [{ clientMessageId: 'x', text: 'on its way' }];
    localStorage.setItem('lamplight.outbox.ada', JSON.stringify(unsent));
    const error = { code: 'session_expired', message: 'It is over.', traceId: 'a' };
    answer({ 'GET /api/auth/options': [200, options], 'POST /api/auth/refresh': [401, { error }] });
    const entry = testEntry();
    await entry.session.resume();
    show(entry);
    await button('Start');
    expect(new Drafts(localStorage, 'bo').get(newConversationKey)).toBe('on its way\n\nhalf a thought');
    expect(localStorage.getItem('lamplight.outbox.ada')).toBeNull();
  });

  test('lets people in where the browser’s storage is refused', async () => {
    answer({ 'GET /api/auth/options': [200, options], 'POST /api/auth/guest': [201, token] });
    const refused = keptStorage(() => {
      throw new DOMException('No.', 'SecurityError');
    });
    const entry = openSession(refused, new Browser().newTab());
    const { session } = show(entry);
    fireEvent.change(await screen.findByRole('textbox', { name: 'Your name' }), { target: { value: 'Ada' } });
    fireEvent.click(await button('Start'));
    await waitFor(() => expect(session.state().kind).toBe('active'));
  });

  test('asks who had an account to sign in again, or to go on without', async () => {
    await signIn(testEntry(), 'ada', 'account');
    const error = { code: 'session_expired', message: 'It is over.', traceId: 'a' };
    answer({ 'GET /api/auth/options': [200, options], 'POST /api/auth/refresh': [401, { error }] });
    const entry = testEntry();
    await entry.session.resume();
    show(entry);
    await button('Sign in');
    fireEvent.click(await button('Go on without an account'));
    await button('Start');
  });

  test('shows the frame that is to come while the server is asked whether one is still signed in', async () => {
    await signIn(testEntry());
    answer({ 'GET /api/auth/options': [200, options] });
    show();
    expect(screen.getByText('Lamplight is loading')).toBeTruthy();
    expect(screen.getByText('Lamplight')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('says that the server cannot be asked whether one is still signed in, and goes on when it can', async () => {
    await signIn(testEntry());
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    const entry = testEntry();
    await entry.session.resume();
    show(entry);
    await screen.findByText(/You are still signed in/);
    answer({ 'POST /api/auth/refresh': [200, token] });
    fireEvent.click(await button('Try again now'));
    await waitFor(() => expect(entry.session.state().kind).toBe('active'));
  });
});
