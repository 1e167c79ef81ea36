import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { ChatPage } from '../page.fixture.tsx';
import { message, refuse } from '../server.fixture.ts';

const page = ChatPage.forEach();
const nav = () => screen.getByRole('navigation', { name: 'Conversations' });
const list = 'GET /api/conversations';
const at = new Date().toISOString();
const conversation = (id: string) => ({ id, title: `Title ${id}`, createdAt: at, updatedAt: at });

/** Everything observed is seen. */
function seeAll() {
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      readonly #callback: (entries: readonly { isIntersecting: boolean }[]) => void;
      constructor(callback: (entries: readonly { isIntersecting: boolean }[]) => void) {
        this.#callback = callback;
      }
      observe() {
        queueMicrotask(() => this.#callback([{ isIntersecting: true }]));
      }
      disconnect() {}
    },
  );
}

describe('the sidebar', () => {
  test('shows skeletons while the list is on its way', async () => {
    const gate = Promise.withResolvers<Response>();
    const { fetch } = page.server;
    vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) =>
      String(input).startsWith('/api/conversations') ? gate.promise : fetch(input, init),
    );
    await page.open('/');
    expect(nav().querySelector('[data-skeletons]')).not.toBeNull();
    expect(nav().getAttribute('aria-busy')).toBe('true');
    gate.resolve(Response.json({ items: [conversation('a')] }));
    await within(nav()).findByText('Title a');
    expect(nav().querySelector('[data-skeletons]')).toBeNull();
  });

  test('loads more as its end comes near, and offers it again where that failed', async () => {
    seeAll();
    let isDown = true;
    page.server.others.set(list, (query) => {
      if (!query.has('cursor')) return [200, { items: [conversation('a')], nextCursor: 'more' }];
      return isDown ? refuse('forbidden', 403) : [200, { items: [conversation('b')] }];
    });
    await page.open('/');
    await within(nav()).findByText('Title a');
    const again = await within(nav()).findByRole('button', { name: 'Load more' });
    isDown = false;
    fireEvent.click(again);
    await within(nav()).findByText('Title b');
    expect(within(nav()).queryByRole('button', { name: 'Load more' })).toBeNull();
  });

  test('asks for the messages of a conversation that a pointer rests on, and not again as it is opened', async () => {
    await page.open('/');
    const link = await within(nav()).findByRole('link', { name: 'Tides' });
    const asked = () => page.server.requests.filter((request) => request.includes('/messages'));
    fireEvent.pointerEnter(link);
    fireEvent.pointerLeave(link);
    fireEvent.pointerEnter(link);
    await waitFor(() => expect(asked()).toHaveLength(1));
    fireEvent.click(link);
    await screen.findByRole('log');
    expect(asked()).toHaveLength(1);
  });

  test('opens a conversation at once, and goes back to the one before', async () => {
    page.server.others.set(list, () => [200, { items: [conversation('c1'), conversation('c2')] }]);
    for (const id of ['c1', 'c2'])
      page.server.others.set(`GET /api/conversations/${id}/messages`, () => [200, { items: [message(`of ${id}`)] }]);
    await page.open('/c/c1');
    await screen.findByText('text of of c1');
    const link = await within(nav()).findByRole('link', { name: 'Title c2' });
    fireEvent.click(link, { ctrlKey: true });
    expect(screen.getByText('text of of c1')).toBeTruthy();
    fireEvent.click(link);
    await screen.findByText('text of of c2');
    expect(screen.queryByText('text of of c1')).toBeNull();
    await waitFor(() => expect(link.getAttribute('aria-current')).toBe('page'));
    act(() => void page.navigate(-1));
    await screen.findByText('text of of c1');
    expect(screen.queryByText('text of of c2')).toBeNull();
  });

  test('asks before it opens a conversation in the place of something unsaved', async () => {
    await page.open('/prompts/new');
    fireEvent.change(await screen.findByRole('textbox', { name: 'Name' }), { target: { value: 'Tides' } });
    fireEvent.click(await within(nav()).findByRole('link', { name: 'Tides' }));
    await screen.findByRole('dialog');
    expect(screen.getByRole('textbox', { name: 'Name', hidden: true })).toHaveProperty('value', 'Tides');
  });

  test('says that the list could not be loaded, with the trace ID', async () => {
    page.server.others.set(list, () => refuse('forbidden', 403));
    await page.open('/');
    await within(nav()).findByText('Your conversations could not be loaded');
    expect(within(nav()).getByRole('button', { name: 'Copy trace ID feedbeef00000000' })).toBeTruthy();
    page.server.others.delete(list);
    fireEvent.click(within(nav()).getByRole('button', { name: 'Load them again' }));
    await within(nav()).findByText('Tides');
  });

  test('shows a new title at once, and the result in a toast', async () => {
    await page.open('/');
    fireEvent.click(await within(nav()).findByRole('button', { name: 'Rename' }));
    const title = within(nav()).getByRole('textbox', { name: 'Title' });
    fireEvent.change(title, { target: { value: 'Moon' } });
    fireEvent.submit(title);
    expect(await within(nav()).findByText('Moon')).toBeTruthy();
    await screen.findByText('The conversation has its new title');
  });

  test('gives the focus back to whoever renamed by keyboard', async () => {
    await page.open('/');
    const rename = () => within(nav()).findByRole('button', { name: 'Rename' });
    for (const leave of [
      (title: HTMLElement) => fireEvent.keyDown(title, { key: 'Escape' }),
      (title: HTMLElement) => fireEvent.submit(title),
    ]) {
      fireEvent.click(await rename());
      leave(within(nav()).getByRole('textbox', { name: 'Title' }));
      expect(document.activeElement).toBe(await rename());
    }
  });

  test('brings back what could not be deleted', async () => {
    await page.open('/');
    const gate = Promise.withResolvers<void>();
    page.server.others.set('DELETE /api/conversations/c1', () =>
      gate.promise.then(() => refuse('store_unavailable', 503)),
    );
    fireEvent.click(await within(nav()).findByRole('button', { name: 'Delete' }));
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(within(nav()).queryByText('Tides')).toBeNull());
    gate.resolve();
    await screen.findByText('The conversation was not deleted');
    await within(nav()).findByText('Tides');
  });

  test('says that a conversation is deleted', async () => {
    await page.open('/');
    fireEvent.click(await within(nav()).findByRole('button', { name: 'Delete' }));
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Delete' }));
    await screen.findByText('The conversation is deleted');
    // What had the focus is gone; the keyboard goes on in the list.
    expect(document.activeElement).toBe(nav());
  });
});

test('a conversation shows skeletons while its messages are on their way', async () => {
  const gate = Promise.withResolvers<Response>();
  const { fetch } = page.server;
  vi.stubGlobal('fetch', (input: RequestInfo | URL, init?: RequestInit) =>
    String(input).includes('/messages') ? gate.promise : fetch(input, init),
  );
  await page.open('/c/c1');
  expect(screen.getByText('The conversation is loading')).toBeTruthy();
  gate.resolve(Response.json({ items: [] }));
  await screen.findByRole('log');
});
