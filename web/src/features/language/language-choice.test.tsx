import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import i18next from 'i18next';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { signIn, testEntry } from '../../api/session.fixture.ts';
import { App } from '../../app.tsx';
import { Toasts } from '../../ui/toasts.tsx';
// Loaded before the tests begin: on a machine with other work a page that loads it late may take longer than they wait.
import '../chat/chat.tsx';
import { refuse, Server } from '../chat/server.fixture.ts';
import { StoryServer } from '../stories/stories.fixture.tsx';
import { changeLanguage } from './start-language.ts';
import { speak } from './use-language-change.ts';

beforeEach(() => localStorage.clear());
afterEach(async () => {
  cleanup();
  vi.unstubAllGlobals();
  await changeLanguage('en');
});

const show = (server: Server, entry = testEntry(), address = '/sign-in') => {
  vi.stubGlobal('fetch', server.fetch);
  render(
    <MemoryRouter initialEntries={[address]}>
      <App entry={entry} />
    </MemoryRouter>,
  );
};
const choose = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }));
const changes = ({ bodies }: Server) => bodies.filter(([request]) => request === 'PATCH /api/me');

describe('the choice of a language', () => {
  test('changes the page at once, with its direction, and for the next visit', async () => {
    const server = new Server();
    show(server);
    await choose('Deutsch');
    await screen.findByRole('heading', { name: 'Anmelden' });
    expect(document.documentElement.lang).toBe('de');
    await choose('العربية');
    await screen.findByRole('heading', { name: 'تسجيل الدخول' });
    expect(document.documentElement).toMatchObject({ lang: 'ar', dir: 'rtl' });
    expect(screen.getByRole('button', { name: 'العربية' }).getAttribute('aria-pressed')).toBe('true');
    expect(localStorage.getItem('lamplight.language')).toBe('ar');
    expect(changes(server)).toEqual([]);
  });

  test('is saved for whoever is signed in', async () => {
    const server = new Server();
    server.others.set('PATCH /api/me', () => [200, { ...server.me, language: 'es' }]);
    const entry = testEntry();
    await signIn(entry);
    show(server, entry);
    await choose('Español');
    await waitFor(() => expect(changes(server)).toEqual([['PATCH /api/me', { language: 'es' }]]));
  });

  test('says where it could not be saved; the page speaks it all the same', async () => {
    const server = new Server();
    server.others.set('PATCH /api/me', () => refuse('store_unavailable', 503));
    const entry = testEntry();
    await signIn(entry);
    show(server, entry);
    await choose('Deutsch');
    await screen.findByText('Die Sprache wurde nicht in deinem Konto gespeichert');
    expect(i18next.language).toBe('de');
  });

  test('that cannot be loaded says so, and the page stays as it is', async () => {
    render(<Toasts />);
    expect(await speak('de', () => Promise.reject(new TypeError('Failed to fetch')))).toBe(false);
    await screen.findByText('The language was not changed');
    expect(i18next.language).toBe('en');
  });
});

describe('who signs in', () => {
  test('finds the page in the language of the account', async () => {
    const server = new StoryServer();
    server.me = { ...server.me, role: 'user', language: 'es' };
    await server.open('/');
    await waitFor(() => expect(document.documentElement.lang).toBe('es'));
  });

  test('as a guest keeps the language of the browser', async () => {
    const server = new StoryServer();
    await changeLanguage('de');
    await server.open('/');
    await waitFor(() => expect(server.requests).toContain('GET /api/me'));
    expect(document.documentElement.lang).toBe('de');
  });
});
