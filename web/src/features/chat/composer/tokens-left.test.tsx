import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ChatPage } from '../page.fixture.tsx';
import { message, refuse } from '../server.fixture.ts';

const page = ChatPage.forEach();
const usage = 'GET /api/me/usage';
const resetsAt = new Date(2026, 10, 23).toISOString();
const leave = (left: number) =>
  page.server.others.set(usage, () => [200, { tokens: { left, budget: 10_000, resetsAt }, messages: {} }]);

test('says how many tokens are left where they are few, and when there are more', async () => {
  leave(1_999);
  await page.open('/');
  expect((await screen.findByText(/1,999 of 10,000 tokens left today/)).textContent).toMatch(/Nov 23, 2026/);
});

test('says that they are spent', async () => {
  leave(0);
  await page.open('/');
  await screen.findByText(/Your tokens for today are spent. There are more from Nov 23, 2026/);
});

test('says nothing while there are enough, and asks again after each answer', async () => {
  leave(2_000);
  await page.open('/');
  await waitFor(() => expect(page.server.requests).toContain(usage));
  expect(screen.queryByText(/tokens/)).toBeNull();
  leave(500);
  const done = message('m2', { role: 'assistant', runId: 'r' });
  page.server.socket.say({ type: 'done', runId: 'r', at: '1-18446744073709551615', message: done });
  await screen.findByText(/500 of 10,000/);
});

test('says nothing where that cannot be asked', async () => {
  page.server.others.set(usage, () => refuse('forbidden', 403));
  await page.open('/');
  await waitFor(() => expect(page.server.requests).toContain(usage));
  expect(screen.queryByText(/tokens/)).toBeNull();
});
