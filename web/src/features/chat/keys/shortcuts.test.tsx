import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { ChatPage } from '../page.fixture.tsx';
import { message } from '../server.fixture.ts';
import { keysOf, shortcutOf, shortcuts } from './shortcuts.ts';

const page = ChatPage.forEach();
const press = (key: string, more: KeyboardEventInit = {}, on: Element = document.body) =>
  fireEvent.keyDown(on, { key, ...more });
const answer = message('m2', { role: 'assistant', parentId: 'm1', text: 'The Moon pulls.' });
const running = message('m2', { role: 'assistant', status: 'running', runId: 'r', parentId: 'm1' });
const narrow = () =>
  vi.spyOn(window, 'matchMedia').mockImplementation((query) => ({
    ...new EventTarget(),
    matches: false,
    media: query,
    onchange: null,
    addListener: () => {},
    removeListener: () => {},
    addEventListener: () => {},
    removeEventListener: () => {},
    dispatchEvent: () => true,
  }));

describe('keys', () => {
  test('are told as each system writes them', () => {
    const newChat = shortcuts[0];
    if (!newChat) throw new Error('There are no shortcuts.');
    expect(keysOf(newChat, true)).toEqual(['⌘', '⇧', 'O']);
    expect(keysOf(newChat, false)).toEqual(['Ctrl', 'Shift', 'O']);
  });

  const none = { code: '', metaKey: false, ctrlKey: false, altKey: false, shiftKey: false };
  test.each([
    ['another alphabet', { key: 'خ', code: 'KeyO', ctrlKey: true, shiftKey: true }, false, 'newChat'],
    ['the key of a Mac', { key: 'K', metaKey: true }, true, 'filter'],
    ['the key of another system', { key: 'k', metaKey: true }, false, undefined],
    ['Alt as well', { key: 'k', ctrlKey: true, altKey: true }, false, undefined],
    ['a question mark with Shift', { key: '?', shiftKey: true }, false, 'showShortcuts'],
    ['a letter alone', { key: 'k' }, false, undefined],
  ])('are known: %s', (_, pressed, mac, command) => {
    expect(shortcutOf({ ...none, ...pressed }, mac)?.command).toBe(command);
  });
});

describe('shortcuts', () => {
  test('are listed by ?, but not where one writes', async () => {
    await page.open('/c/c1');
    press('?', {}, page.box);
    press('?', {}, screen.getByRole('searchbox'));
    expect(screen.queryByRole('dialog')).toBeNull();
    press('?');
    const dialog = await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
    expect(within(dialog).getByText('Copy the last answer')).toBeTruthy();
    expect(within(dialog).getAllByText('Ctrl').length).toBeGreaterThan(0);
    press('o', { ctrlKey: true, shiftKey: true });
    expect(screen.queryByRole('heading', { name: /^Good / })).toBeNull();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('are also listed by a button', async () => {
    await page.open('/');
    fireEvent.click(screen.getByRole('button', { name: 'Keyboard shortcuts' }));
    await screen.findByRole('dialog', { name: 'Keyboard shortcuts' });
  });

  test('begin a new chat, find the filter and go back to the message', async () => {
    await page.open('/c/c1');
    press('k', { ctrlKey: true }, page.box);
    expect(document.activeElement).toBe(screen.getByRole('searchbox', { name: 'Filter conversations' }));
    press('Escape', { shiftKey: true });
    expect(document.activeElement).toBe(page.box);
    press('O', { ctrlKey: true, shiftKey: true }, page.box);
    await screen.findByRole('heading', { name: /^Good / });
  });

  test('stop the answer, and do nothing where there is none', async () => {
    page.server.messages = [running, message('m1')];
    await page.open('/c/c1');
    await screen.findByRole('button', { name: 'Stop' });
    press('Escape', {}, screen.getByRole('searchbox'));
    expect(page.server.requests).not.toContain('POST /api/runs/r/stop');
    press('Escape', {}, page.box);
    await waitFor(() => expect(page.server.requests).toContain('POST /api/runs/r/stop'));
    page.server.socket.say({ type: 'done', runId: 'r', at: '1-18446744073709551615', message: answer });
    await screen.findByRole('button', { name: 'Send' });
    press('Escape', {}, page.box);
    expect(page.server.requests.filter((request) => request.endsWith('/stop'))).toHaveLength(1);
  });

  test('copy the last answer, and say where that was refused', async () => {
    page.server.messages = [answer, message('m1')];
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValueOnce();
    await page.open('/c/c1');
    await screen.findByText('The Moon pulls.');
    press('C', { ctrlKey: true, shiftKey: true });
    await screen.findByText('The last answer is copied');
    expect(write).toHaveBeenCalledWith('The Moon pulls.');
    write.mockRejectedValueOnce(new Error('denied'));
    press('C', { ctrlKey: true, shiftKey: true });
    await screen.findByText('The browser refuses to copy');
    write.mockRestore();
  });

  test('say that there is no answer to copy yet', async () => {
    page.server.messages = [message('m1')];
    await page.open('/c/c1');
    await screen.findByText('text of m1');
    press('c', { ctrlKey: true, shiftKey: true });
    await screen.findByText('There is no answer to copy yet.');
  });

  test('open the drawer where the screen is small, with the filter in it', async () => {
    const media = narrow();
    await page.open('/c/c1');
    press('s', { ctrlKey: true, shiftKey: true });
    const drawer = await screen.findByRole('dialog', { name: 'Conversations' });
    fireEvent.click(within(drawer).getByRole('button', { name: 'Close' }));
    press('k', { ctrlKey: true });
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('searchbox')));
    media.mockRestore();
  });
});
