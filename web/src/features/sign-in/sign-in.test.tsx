import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { MemoryRouter, useLocation } from 'react-router';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { signIn, testEntry, tokenOf } from '../../api/session.fixture.ts';
import { App } from '../../app.tsx';

function Address() {
  const { pathname, hash } = useLocation();
  return <output>{pathname + hash}</output>;
}

type Reply = [number, unknown];
const token: Reply = [201, { access_token: tokenOf('ada'), token_type: 'Bearer', expires_in: 900 }];
const refused = (status: number, code: string): Reply => [
  status,
  { error: { code, message: `It is ${code}.`, traceId: 'abcdef0123456789' } },
];

function open(address: string, replies: Record<string, Reply> = {}, entry = testEntry()) {
  const bodies: Record<string, unknown> = {};
  const authorizations: Record<string, string | null> = {};
  vi.stubGlobal('fetch', async (input: string, init?: RequestInit) => {
    const name = `${init?.method} ${input}`;
    if (init?.body) bodies[name] = JSON.parse(String(init.body));
    authorizations[name] = new Headers(init?.headers).get('authorization');
    const options: Reply = [200, { registration: 'open', guests: true }];
    const [status, body] = { 'GET /api/auth/options': options, ...replies }[name] ?? refused(404, 'not_found');
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  });
  render(
    <MemoryRouter initialEntries={[address]}>
      <App entry={entry} />
      <Address />
    </MemoryRouter>,
  );
  return { ...entry, bodies, authorizations };
}

const address = () => document.querySelector('output')?.textContent;
const write = async (label: string, value: string) =>
  fireEvent.change(await screen.findByLabelText(label), { target: { value } });
const click = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }));

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('signing in', () => {
  test('takes e-mail and password, and goes to the chat', async () => {
    const { session, bodies } = open('/sign-in', { 'POST /api/auth/token': token });
    await write('E-mail', 'ada@example.org');
    await write('Password', 'a long evening walk');
    await click('Sign in');
    await waitFor(() => expect(session.state()).toMatchObject({ kind: 'active', holder: 'account' }));
    expect(bodies['POST /api/auth/token']).toEqual({ username: 'ada@example.org', password: 'a long evening walk' });
    await waitFor(() => expect(address()).toBe('/'));
  });

  test('helps password managers, and shows the password when asked', async () => {
    open('/sign-in');
    const password = await screen.findByLabelText('Password');
    expect(screen.getByLabelText('E-mail').getAttribute('autocomplete')).toBe('username');
    expect(password.getAttribute('autocomplete')).toBe('current-password');
    await click('Show password');
    expect(password.getAttribute('type')).toBe('text');
    await click('Hide password');
    expect(password.getAttribute('type')).toBe('password');
  });

  test('says that it was refused, and keeps what was written', async () => {
    const { session } = open('/sign-in', { 'POST /api/auth/token': refused(401, 'wrong_credentials') });
    await write('E-mail', 'ada@example.org');
    await write('Password', 'wrong');
    await click('Sign in');
    await screen.findByText('It is wrong_credentials.');
    expect(screen.getByRole('button', { name: 'Copy trace ID abcdef0123456789' })).toBeTruthy();
    expect(screen.getByLabelText('E-mail')).toHaveProperty('value', 'ada@example.org');
    expect(session.state()).toEqual({ kind: 'none' });
  });

  test('says why a provider’s sign-in failed, in its own words alone', async () => {
    const trace = '0123456789abcdef'.repeat(2);
    open(`/sign-in#error=no_role&trace=${trace}`);
    await screen.findByText('You are not admitted here');
    expect(screen.getByRole('button', { name: `Copy trace ID ${trace}` })).toBeTruthy();
    await waitFor(() => expect(address()).toBe('/sign-in'));
  });

  test.each(['Call+this+number', 'constructor', '__proto__'])(
    'a link puts no words into the page: %s',
    async (code) => {
      open(`/sign-in#error=${code}&trace=call+this`);
      await screen.findByText('You could not be signed in');
      expect(document.body.textContent).not.toMatch(/call this/i);
    },
  );

  test('a guest can sign in, and is told what that means', async () => {
    const entry = testEntry();
    await signIn(entry);
    open('/sign-in', { 'POST /api/auth/token': token }, entry);
    await screen.findByText(/You are here as a guest/);
    expect(screen.getByRole('link', { name: 'Back to the chat' })).toBeTruthy();
  });

  test('who is signed in is sent to the chat', async () => {
    const entry = testEntry();
    await signIn(entry, 'ada', 'account');
    open('/sign-in', {}, entry);
    await waitFor(() => expect(address()).toBe('/'));
  });
});

describe('registering', () => {
  const fill = async () => {
    await write('Your name', 'Ada');
    await write('E-mail', 'ada@example.org');
    await write('Password', 'a long evening walk');
    await click('Create account');
  };

  test('asks for a look into the mail', async () => {
    const { bodies, authorizations } = open('/register', { 'POST /api/auth/register': [202, undefined] });
    await fill();
    await screen.findByText('Look into your mail');
    expect(screen.getByText('ada@example.org')).toBeTruthy();
    expect(bodies['POST /api/auth/register']).toMatchObject({ name: 'Ada', email: 'ada@example.org', language: 'en' });
    expect(authorizations['POST /api/auth/register']).toBeNull();
    await click('Change the address');
    expect(await screen.findByLabelText('E-mail')).toHaveProperty('value', 'ada@example.org');
  });

  test('carries a guest’s token, so that the guest keeps the conversations', async () => {
    const entry = testEntry();
    await signIn(entry);
    const { authorizations } = open('/register', { 'POST /api/auth/register': [202, undefined] }, entry);
    await fill();
    await screen.findByText('Look into your mail');
    expect(authorizations['POST /api/auth/register']).toBe(`Bearer ${tokenOf('ada')}`);
  });

  test('says why it was refused', async () => {
    open('/register', { 'POST /api/auth/register': refused(400, 'common_password') });
    await fill();
    await screen.findByText('It is common_password.');
    expect(screen.getByLabelText('Password')).toHaveProperty('value', 'a long evening walk');
  });

  test.each(['invite', 'closed'])('says so where it is %s', async (registration) => {
    open('/register', { 'GET /api/auth/options': [200, { registration, guests: true }] });
    await screen.findByText(/Ask who runs this Lamplight/);
    expect(screen.queryByLabelText('Password')).toBeNull();
  });
});

describe('the links of mails', () => {
  test.each([
    ['/verify', 'Confirm and sign in', 'POST /api/auth/verify', { token: 's3cret', password: 'a long evening walk' }],
    [
      '/reset',
      'Set password and sign in',
      'POST /api/auth/reset',
      { token: 's3cret', password: 'a long evening walk' },
    ],
    [
      '/invitation',
      'Begin',
      'POST /api/auth/invitation',
      { token: 's3cret', password: 'a long evening walk', name: 'Ada', timeZone: expect.any(String), language: 'en' },
    ],
  ])('%s takes the secret from the address, and signs in', async (path, submit, request, body) => {
    const { session, bodies } = open(`${path}#token=s3cret`, { [request]: token });
    const begin = await screen.findByRole('button', { name: submit });
    await waitFor(() => expect(address()).toBe(path));
    expect(bodies[request]).toBeUndefined();
    for (const label of ['New password', 'Password'])
      if (screen.queryByLabelText(label)) await write(label, 'a long evening walk');
    if (screen.queryByLabelText('Your name')) await write('Your name', 'Ada');
    fireEvent.click(begin);
    await waitFor(() => expect(session.state()).toMatchObject({ kind: 'active', holder: 'account' }));
    expect(bodies[request]).toEqual(body);
    await waitFor(() => expect(address()).toBe('/'));
  });

  test('a used one says so, and where to get another', async () => {
    open('/reset#token=used', { 'POST /api/auth/reset': refused(400, 'link_invalid') });
    await write('New password', 'a long evening walk');
    await click('Set password and sign in');
    await screen.findByText('It is link_invalid.');
    expect(screen.queryByRole('button', { name: 'Set password and sign in' })).toBeNull();
    expect(screen.getByRole('link', { name: 'Ask for another link' }).getAttribute('href')).toBe('/forgot');
  });

  test('an address without the secret says so', async () => {
    open('/verify');
    await screen.findByText('This address lacks the secret of your link');
  });

  test('a link to set a password is asked for, and nobody learns who has an account', async () => {
    const { bodies } = open('/forgot', { 'POST /api/auth/forgot': [202, undefined] });
    await write('E-mail', 'ada@example.org');
    await click('Send the link');
    await screen.findByText(/If an account has this address/);
    expect(bodies['POST /api/auth/forgot']).toEqual({ email: 'ada@example.org' });
  });
});
