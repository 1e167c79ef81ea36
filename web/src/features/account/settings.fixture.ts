// Loaded before the tests begin, as in the fixture below.
import './settings-page.tsx';
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import { changeLanguage } from '../language/start-language.ts';
import { StoryServer } from '../stories/stories.fixture.tsx';

const at = '2026-11-21T18:15:00.000Z';
const session = (id: string, device: string, current = false) => ({
  id,
  device,
  current,
  createdAt: at,
  lastUsedAt: at,
  expiresAt: at,
});
export const apiKey = {
  id: 'k1',
  name: 'My script',
  scopes: ['chat'],
  prefix: 'lamp_ab',
  createdAt: at,
  expiresAt: at,
};
const usage = {
  tokens: { day: '2026-11-21', timeZone: 'UTC', budget: 1000, used: 250, reserved: 50, left: 700, resetsAt: at },
  messages: { limit: 60, left: 45, resetsAt: at },
};

/** A server of somebody with an account: this session and two more, a key, and some usage. */
function accountServer(): StoryServer {
  const server = new StoryServer();
  server.me = Object.assign(server.me, { role: 'user', email: 'ada@example.org', hasPassword: true });
  server.others.set('GET /api/me/sessions', () => [
    200,
    { items: [session('s1', 'Firefox on Linux', true), session('s2', 'Safari on iOS'), session('s3', 'curl')] },
  ]);
  server.others.set('GET /api/keys', () => [200, { items: [apiKey] }]);
  server.others.set('GET /api/me/usage', () => [200, usage]);
  server.others.set('PATCH /api/me', () => {
    Object.assign(server.me, server.sentTo('PATCH /api/me'));
    return [200, server.me];
  });
  return server;
}

/** The settings before such a server, a new one for each test of a file. */
export function accountSettings(): { readonly server: StoryServer } {
  let server: StoryServer | undefined;
  beforeEach(() => {
    server = accountServer();
  });
  afterEach(async () => {
    cleanup();
    vi.unstubAllGlobals();
    await changeLanguage('en');
  });
  return {
    get server() {
      if (!server) throw new Error('There is a server within a test alone.');
      return server;
    },
  };
}

export const button = (name: string) => screen.findByRole('button', { name });
export const click = async (name: string) => void fireEvent.click(await button(name));
export const write = async (label: string, value: string) =>
  fireEvent.change(await screen.findByLabelText(label), { target: { value } });
