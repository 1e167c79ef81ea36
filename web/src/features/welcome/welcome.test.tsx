import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { MemoryRouter, useLocation } from 'react-router';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Session } from '../../api/session.ts';
import { Welcome } from './welcome.tsx';

function Address() {
  return <output>{useLocation().pathname}</output>;
}

function show(ended = false) {
  const session = new Session(localStorage);
  render(
    <MemoryRouter initialEntries={['/c/of-someone-else']}>
      <Welcome session={session} ended={ended} />
      <Address />
    </MemoryRouter>,
  );
  return session;
}

const answer = (body: unknown, status: number) => vi.fn(async () => new Response(JSON.stringify(body), { status }));

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe('Welcome', () => {
  test('starts a session from a name', async () => {
    const fetched = answer({ access_token: 'token', token_type: 'Bearer', expires_in: 3600 }, 201);
    vi.stubGlobal('fetch', fetched);
    const session = show();
    const start = screen.getByRole('button', { name: 'Start' });
    expect(start).toHaveProperty('disabled', true);
    fireEvent.change(screen.getByRole('textbox', { name: 'Your name' }), { target: { value: '  Ada ' } });
    fireEvent.click(start);
    await waitFor(() => expect(session.token()).toBe('token'));
    expect(session.lastName()).toBe('Ada');
    expect(fetched).toHaveBeenCalledWith('/api/auth/guest', expect.objectContaining({ body: '{"name":"Ada"}' }));
    expect(screen.getByRole('status').textContent).toBe('/');
  });

  test('says what happened where it cannot, with the trace ID', async () => {
    const error = {
      code: 'store_unavailable',
      message: 'The database cannot be reached.',
      traceId: 'abcdef0123456789',
    };
    vi.stubGlobal('fetch', answer({ error }, 503));
    const session = show();
    fireEvent.change(screen.getByRole('textbox', { name: 'Your name' }), { target: { value: 'Ada' } });
    fireEvent.click(screen.getByRole('button', { name: 'Start' }));
    await screen.findByText('The database cannot be reached.');
    expect(screen.getByRole('button', { name: 'Copy trace ID abcdef0123456789' })).toBeTruthy();
    expect(session.state()).toEqual({ kind: 'none' });
    expect(screen.getByRole('button', { name: 'Start' })).toHaveProperty('disabled', false);
  });

  test('says that the session has ended, and offers the name again', () => {
    new Session(localStorage).start('old', 'Ada');
    localStorage.removeItem('lamplight.token');
    show(true);
    expect(screen.getByText('Your session has ended')).toBeTruthy();
    expect(screen.getByRole('textbox', { name: 'Your name' })).toHaveProperty('value', 'Ada');
  });
});
