import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { Drafts } from './composer/drafts.ts';
import { ChatPage } from './page.fixture.tsx';

const page = ChatPage.forEach();

test('what the operator announces can be put away, until it is something else', async () => {
  page.server.options.banner = 'Maintenance at eight';
  await page.open('/');
  await screen.findByText('Maintenance at eight');
  expect(screen.getByText('Maintenance at eight').tabIndex, 'the keyboard scrolls a long one').toBe(0);
  const hide = screen.getByRole('button', { name: 'Hide this announcement' });
  hide.focus();
  fireEvent.click(hide);
  expect(screen.queryByText('Maintenance at eight')).toBeNull();
  expect(document.activeElement?.contains(page.box), 'the content has the focus').toBe(true);
  expect(document.activeElement).not.toBe(document.body);
  cleanup();
  page.server.options.banner = 'Maintenance at nine';
  await page.open('/');
  expect(await screen.findByText('Maintenance at nine')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Hide this announcement' }));
  cleanup();
  await page.open('/c/c1');
  await screen.findByRole('heading', { name: 'Tides' });
  expect(screen.queryByText('Maintenance at nine')).toBeNull();
});

test.each([
  ['/c/c1', 'Skip to the conversation'],
  ['/prompts/new', 'Skip to the content'],
])('the keyboard is led past the frame at %s, first of all', async (address, name) => {
  await page.open(address);
  const link = screen.getByRole('link', { name });
  expect(document.querySelector('a, button, input, [tabindex="0"]')).toBe(link);
  fireEvent.click(link);
  const { activeElement } = document;
  expect(activeElement?.closest('main')).toBeTruthy();
  expect(activeElement?.contains((await screen.findAllByRole('textbox')).at(-1) ?? null)).toBe(true);
  expect(activeElement?.querySelector('header, nav[aria-label="Conversations"]')).toBeNull();
});

test('what was written for one that is gone becomes the draft of a new one, and that is said', async () => {
  page.server.titles.set('c2', 'Lamps');
  await page.open('/c/c1');
  await screen.findByRole('heading', { name: 'Tides' });
  page.send('hello');
  const sent = page.server.socket.sent.at(-1);
  page.type('half a thought');
  page.server.titles.delete('c1');
  const ref = sent?.type === 'send' ? sent.ref : undefined;
  page.server.socket.say({ type: 'error', ref, code: 'not_found', message: 'Gone.', traceId: 'abc' });
  expect(await screen.findByText('Your message was not sent, as its conversation was deleted.')).toBeTruthy();
  await waitFor(() => expect(page.box).toHaveProperty('value', 'hello\n\nhalf a thought'));
});

test('what waited for one that is not open is led to, below what is being written', async () => {
  page.server.titles.set('c2', 'Lamps');
  await page.open('/c/c1');
  await screen.findByRole('heading', { name: 'Tides' });
  page.send('hello');
  fireEvent.click(await screen.findByRole('link', { name: 'Lamps' }));
  await screen.findByRole('heading', { name: 'Lamps' });
  page.server.socket.say({ type: 'notice', notice: { kind: 'conversation_deleted', conversationId: 'c1' } });
  fireEvent.click(await screen.findByRole('button', { name: 'Open the draft' }));
  await waitFor(() => expect(page.box).toHaveProperty('value', 'hello'));
});

test('shows what another tab puts into the draft', async () => {
  await page.open('/c/c1');
  page.type('Begun here');
  new Drafts(localStorage, 'ada').append('c1', 'and given back there');
  window.dispatchEvent(new StorageEvent('storage', { key: 'lamplight.drafts' }));
  await waitFor(() => expect(page.box.value).toBe('Begun here\n\nand given back there'));
});

test('a first step takes the place of another one, and stands below what somebody wrote', async () => {
  await page.open('/');
  const [first, second] = screen.getAllByRole('listitem').filter((item) => item.closest('main'));
  const choose = (item: HTMLElement | undefined) => fireEvent.click(within(item as HTMLElement).getByRole('button'));
  choose(first);
  expect(page.box).toHaveProperty('value', first?.textContent);
  expect(document.activeElement).toBe(page.box);
  choose(second);
  expect(page.box).toHaveProperty('value', second?.textContent);
  page.type('Half a thought');
  choose(first);
  expect(page.box).toHaveProperty('value', `Half a thought\n\n${first?.textContent}`);
});
