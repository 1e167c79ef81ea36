import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { ChatPage } from '../page.fixture.tsx';
import { message, refuse } from '../server.fixture.ts';

const page = ChatPage.forEach();
const nav = () => screen.getByRole('navigation', { name: 'Conversations' });
const list = 'GET /api/conversations';
const at = new Date().toISOString();
const conversation = (id: string) => ({ id, title: `Title ${id}`, createdAt: at, updatedAt: at });

/** What the server lists of these titles by ID. */
const titled = (titles: ReadonlyMap<string, string>, q: string) =>
  [...titles]
    .filter(([, title]) => title.toLowerCase().startsWith(q))
    .map(([id, title]) => ({ ...conversation(id), title }));

async function rename(title: string): Promise<void> {
  fireEvent.click(await within(nav()).findByRole('button', { name: 'Rename' }));
  const box = within(nav()).getByRole('textbox', { name: 'Title' });
  fireEvent.change(box, { target: { value: title } });
  fireEvent.submit(box);
}

const filterBy = (value: string) =>
  fireEvent.change(screen.getByRole('searchbox', { name: 'Filter conversations' }), { target: { value } });

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
    await rename('Moon');
    expect(await within(nav()).findByText('Moon')).toBeTruthy();
    await screen.findByText('The conversation has its new title');
  });

  test('finds a conversation by a title that was kept after it was looked for', async () => {
    const gate = Promise.withResolvers<void>();
    const { titles } = page.server;
    page.server.others.set(list, (query) => [200, { items: titled(titles, query.get('q') ?? '') }]);
    page.server.others.set('PATCH /api/conversations/c1', () =>
      gate.promise.then(() => [200, { ...conversation('c1'), title: titles.set('c1', 'Moon').get('c1') }]),
    );
    await page.open('/');
    await rename('Moon');
    await within(nav()).findByText('Moon');
    filterBy('moo');
    await within(nav()).findByText('No title has these words.');
    gate.resolve();
    await within(nav()).findByText('Moon');
  });

  test('keeps the title of a person where that of a model, which came before it, is told after it', async () => {
    await page.open('/');
    await rename('Moon');
    await screen.findByText('The conversation has its new title');
    const notice = { kind: 'conversation_changed', conversationId: 'c1', title: 'Of the sea' } as const;
    page.server.socket.say({ type: 'notice', notice });
    await waitFor(() => expect(within(nav()).queryByText('Of the sea')).toBeNull());
    await within(nav()).findByText('Moon');
  });

  test('finds it by its new title also where the first page of what is looked for is of before and still to come', async () => {
    const asked = () => page.server.requests.filter((request) => request.includes('q=moo'));
    const gates = { kept: Promise.withResolvers<void>(), listed: Promise.withResolvers<void>() };
    const { titles } = page.server;
    page.server.others.set(list, async (query) => {
      const items = titled(titles, query.get('q') ?? '');
      if (query.get('q') && items.length === 0) await gates.listed.promise;
      return [200, { items }];
    });
    page.server.others.set('PATCH /api/conversations/c1', () =>
      gates.kept.promise.then(() => [200, { ...conversation('c1'), title: titles.set('c1', 'Moon').get('c1') }]),
    );
    await page.open('/');
    await rename('Moon');
    await within(nav()).findByText('Moon');
    filterBy('moo');
    await waitFor(() => expect(asked()).toHaveLength(1));
    gates.kept.resolve();
    await screen.findByText('The conversation has its new title');
    gates.listed.resolve();
    await waitFor(() => expect(asked()).toHaveLength(2));
    await within(nav()).findByText('Moon');
  });

  test('has no conversation any more that was looked for before it was deleted', async () => {
    const gate = Promise.withResolvers<void>();
    const { titles } = page.server;
    page.server.others.set(list, (query) => [200, { items: titled(titles, query.get('q') ?? '') }]);
    page.server.others.set('DELETE /api/conversations/c1', () =>
      gate.promise.then(() => [204, void titles.delete('c1')]),
    );
    await page.open('/');
    fireEvent.click(await within(nav()).findByRole('button', { name: 'Delete' }));
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(within(nav()).queryByText('Tides')).toBeNull());
    filterBy('tid');
    await within(nav()).findByText('Tides');
    gate.resolve();
    await within(nav()).findByText('No title has these words.');
  });

  test('has no conversation that is deleted where the list of before comes after', async () => {
    const gate = Promise.withResolvers<void>();
    const { titles } = page.server;
    page.server.others.set(list, async (query) => {
      const items = titled(titles, query.get('q') ?? '');
      if (query.get('q') && items.length > 0) await gate.promise;
      return [200, { items }];
    });
    await page.open('/');
    fireEvent.click(await within(nav()).findByRole('button', { name: 'Delete' }));
    filterBy('tid');
    await waitFor(() => expect(page.server.requests.some((request) => request.includes('q=tid'))).toBe(true));
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Delete' }));
    await screen.findByText('The conversation is deleted');
    gate.resolve();
    await within(nav()).findByText('No title has these words.');
    expect(within(nav()).queryByText('Tides')).toBeNull();
  });

  test('gives the focus back to whoever renamed by keyboard', async () => {
    await page.open('/');
    const button = () => within(nav()).findByRole('button', { name: 'Rename' });
    for (const leave of [
      (title: HTMLElement) => fireEvent.keyDown(title, { key: 'Escape' }),
      (title: HTMLElement) => fireEvent.submit(title),
    ]) {
      fireEvent.click(await button());
      leave(within(nav()).getByRole('textbox', { name: 'Title' }));
      expect(document.activeElement).toBe(await button());
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
