import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Entry } from '../../api/open-session.ts';
import { signIn, testEntry } from '../../api/session.fixture.ts';
import { App } from '../../app.tsx';
import { FakeSocket, message, model, refuse, runOf, Server } from './server.fixture.ts';
// The page loads it when somebody is signed in; a test does not wait for that.
import './chat.tsx';

let server: Server;
let entry: Entry;

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  server = new Server();
  entry = testEntry();
  await signIn(entry);
  vi.stubGlobal('fetch', server.fetch);
  vi.stubGlobal(
    'WebSocket',
    class extends FakeSocket {
      constructor() {
        super();
        server.sockets.push(this);
      }
    },
  );
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function open(address: string): Promise<void> {
  render(
    <MemoryRouter initialEntries={[address]}>
      <App entry={entry} />
    </MemoryRouter>,
  );
  await waitFor(() => expect(server.sockets).toHaveLength(1), { timeout: 5000 });
  server.socket.say({ type: 'ready', traceId: 't', maxSubscriptions: 50 });
}

const box = () => screen.getByRole('textbox', { name: 'Message' });
const write = (text: string) => {
  fireEvent.change(box(), { target: { value: text } });
  fireEvent.keyDown(box(), { key: 'Enter' });
};
const articles = () => within(screen.getByRole('log')).getAllByRole('article');

describe('the chat', () => {
  test('a message shows at once, its answer streams, and the conversation gets its place', async () => {
    await open('/');
    write('How do tides work?');
    expect(articles().map(({ dataset }) => [dataset['role'], dataset['status']])).toEqual([['user', 'sending']]);
    expect(box()).toHaveProperty('value', '');
    const sent = server.socket.sent.at(-1);
    if (sent?.type !== 'send') throw new Error('Nothing was sent.');
    expect(document.querySelector('[data-awaited]')).not.toBeNull();
    expect(screen.getByText('The answer is being written.')).toBeTruthy();
    fireEvent.change(box(), { target: { value: 'And what I want next' } });
    act(() => {
      server.socket.say({ type: 'run', traceId: 't', ref: sent.ref, ...runOf('r', 'm2') });
      // Before the router had the time to change the address.
      fireEvent.change(box(), { target: { value: 'And what I want next is this' } });
    });
    await waitFor(() => expect(articles()).toHaveLength(2));
    expect(document.querySelector('[data-awaited]')).toBeNull();
    const conversations = within(screen.getByRole('navigation', { name: 'Conversations' }));
    await waitFor(() => expect(conversations.getByRole('link').getAttribute('aria-current')).toBe('page'));
    expect(box()).toHaveProperty('value', 'And what I want next is this');
    server.socket.say({ type: 'delta', runId: 'r', at: '1-2', text: 'Hm', part: { index: 0, kind: 'thinking' } });
    server.socket.say({ type: 'delta', runId: 'r', at: '1-10', text: 'The Moon' });
    await screen.findByText('The Moon');
    expect(articles()[1]?.dataset).toMatchObject({ role: 'assistant', status: 'running', runId: 'r', messageId: 'm2' });
    expect(screen.getByText('How it thought').closest('details')?.open).toBe(false);
    const text = 'The Moon pulls.';
    const done = message('m2', { role: 'assistant', parentId: 'm1', runId: 'r', text });
    server.socket.say({ type: 'done', runId: 'r', at: '1-18446744073709551615', message: done });
    await screen.findByText(text);
    await waitFor(() => expect(articles()[1]?.dataset['status']).toBe('complete'));
    await screen.findByText('The answer is complete.');
    expect(screen.getByRole('button', { name: 'Send' })).toBeTruthy();
  });

  test('an answer under way is followed after a reload, and can be stopped', async () => {
    server.messages = [
      message('m2', { role: 'assistant', status: 'running', runId: 'r', parentId: 'm1' }),
      message('m1'),
    ];
    await open('/c/c1');
    await waitFor(() => expect(server.socket.sent).toContainEqual({ type: 'subscribe', runId: 'r' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Stop' }));
    await waitFor(() => expect(server.requests).toContain('POST /api/runs/r/stop'));
  });

  test('while the connection is lost it says that nothing is, and then sends again', async () => {
    server.messages = [
      message('m2', { role: 'assistant', status: 'running', runId: 'r', parentId: 'm1' }),
      message('m1'),
    ];
    await open('/c/c1');
    await screen.findByRole('button', { name: 'Stop' });
    act(() => server.socket.onclose?.({ code: 1012 }));
    expect(await screen.findByText('Reconnecting — nothing is lost')).toBeTruthy();
    expect(screen.getByText('Reconnecting')).toBeTruthy();
    await waitFor(() => expect(server.sockets).toHaveLength(2));
    server.socket.say({ type: 'ready', traceId: 't', maxSubscriptions: 50 });
    expect(server.socket.sent).toContainEqual({ type: 'subscribe', runId: 'r' });
    expect(screen.queryByText('Reconnecting — nothing is lost')).toBeNull();
  });

  test('a failed answer says what happened and what was kept, and is tried again', async () => {
    const error = {
      code: 'model_unavailable',
      message: 'The model cannot be reached.',
      traceId: 'abcdef0123456789',
    } as const;
    server.messages = [message('m2', { role: 'assistant', status: 'failed', error, parentId: 'm1' }), message('m1')];
    await open('/c/c1');
    expect(await screen.findByText(/The model cannot be reached. What was written so far is kept./)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Copy trace ID abcdef0123456789' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    await waitFor(() => expect(server.socket.sent).toContainEqual({ type: 'subscribe', runId: 'again' }));
    expect(articles().map(({ dataset }) => dataset['messageId'])).toEqual(['m1', 'm3']);
  });

  test('a refused message keeps its text, and can be sent again or removed', async () => {
    await open('/');
    write('hello');
    const sent = server.socket.sent.at(-1);
    const ref = sent?.type === 'send' ? sent.ref : undefined;
    server.socket.say({ type: 'error', ref, code: 'store_unavailable', message: 'Send again.', traceId: 'abc' });
    expect(screen.getByText('Send again. Your text is kept here.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(server.socket.sent.at(-1)).toEqual(sent);
    server.socket.say({ type: 'error', ref, code: 'store_unavailable', message: 'Send again.', traceId: 'abc' });
    fireEvent.click(screen.getByRole('button', { name: 'Remove' }));
    expect(screen.queryByRole('log')).toBeNull();
  });

  test('a session that is over says so, and keeps what was being written', async () => {
    await open('/c/c1');
    fireEvent.change(box(), { target: { value: 'unsent' } });
    server.isSessionOver = true;
    act(() => server.socket.onclose?.({ code: 1008 }));
    expect(await screen.findByText('Your session has ended')).toBeTruthy();
    server.isSessionOver = false;
    await act(() => signIn(entry));
    await waitFor(() => expect(box()).toHaveProperty('value', 'unsent'));
  });

  test('conversations are renamed in place and deleted after a question', async () => {
    await open('/c/c1');
    const nav = screen.getByRole('navigation', { name: 'Conversations' });
    fireEvent.click(await within(nav).findByRole('button', { name: 'Rename' }));
    const title = within(nav).getByRole('textbox', { name: 'Title' });
    fireEvent.change(title, { target: { value: 'Moon' } });
    fireEvent.submit(title);
    await within(nav).findByText('Moon');
    fireEvent.click(within(nav).getByRole('button', { name: 'Rename' }));
    fireEvent.keyDown(within(nav).getByRole('textbox', { name: 'Title' }), { key: 'Escape' });
    fireEvent.click(within(nav).getByRole('button', { name: 'Delete' }));
    const dialog = screen.getByRole('dialog', { name: 'Delete conversation?' });
    fireEvent.click(within(dialog).getByRole('button', { name: 'Delete' }));
    await within(nav).findByText('Your conversations will be listed here.');
    expect(server.titles.size).toBe(0);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain('Ada');
  });

  test('the list is filtered by the server', async () => {
    await open('/');
    fireEvent.change(screen.getByRole('searchbox', { name: 'Filter conversations' }), { target: { value: 'moon' } });
    await waitFor(() => expect(server.requests).toContain('GET /api/conversations?q=moon&limit=50'));
  });

  test('a conversation that is not there says so', async () => {
    await open('/c/unknown');
    expect(await screen.findByText('This conversation is not here')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Start a new one' })).toBeTruthy();
  });

  test('one that is deleted elsewhere is left', async () => {
    await open('/c/c1');
    server.socket.say({ type: 'notice', notice: { kind: 'conversation_deleted', conversationId: 'c1' } });
    expect(await screen.findByRole('heading', { level: 1 })).toBeTruthy();
  });

  test('a model chosen for one conversation is not sent along in another', async () => {
    server.models = { items: [model('demo', true), model('big', false)], default: 'demo' };
    server.titles.set('c2', 'Lamps');
    await open('/c/c1');
    const choice = await screen.findByRole('combobox', { name: 'Model' });
    fireEvent.change(choice, { target: { value: 'big' } });
    fireEvent.click(await screen.findByRole('link', { name: 'Lamps' }));
    await screen.findByRole('heading', { name: 'Lamps' });
    write('Which one are you?');
    expect(server.socket.sent.at(-1)).not.toHaveProperty('model');
    fireEvent.click(screen.getByRole('link', { name: 'Tides' }));
    await screen.findByRole('heading', { name: 'Tides' });
    write('And you?');
    expect(server.socket.sent.at(-1)).toMatchObject({ conversationId: 'c1', model: 'big' });
  });

  test('a model is chosen where there are several, and the demo says what it is', async () => {
    server.models = { items: [model('demo', true), model('big', false)], default: 'demo' };
    await open('/');
    fireEvent.change(await screen.findByRole('combobox', { name: 'Model' }), { target: { value: 'big' } });
    expect(screen.getByText(/Sample answers of the demo model/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Plan a quiet weekend' }));
    fireEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(server.socket.sent.at(-1)).toMatchObject({ type: 'send', text: 'Plan a quiet weekend', model: 'big' });
  });

  test('what the operator announces is shown here too', async () => {
    server.options.banner = 'Maintenance at eight';
    await open('/');
    expect(await screen.findByText('Maintenance at eight')).toBeTruthy();
  });

  test('ending the session leaves nothing in the browser', async () => {
    await open('/');
    fireEvent.change(box(), { target: { value: 'secret' } });
    localStorage.setItem('lamplight.outbox.ada', JSON.stringify([{ clientMessageId: 'x', text: 'secret' }]));
    fireEvent.click(screen.getByRole('button', { name: 'End session' }));
    expect(await screen.findByRole('button', { name: 'Start' })).toBeTruthy();
    expect(server.requests).toContain('POST /api/auth/logout');
    expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toMatch(/secret|token/);
  });

  test('the session ends here also where the server cannot be reached', async () => {
    await open('/');
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    fireEvent.click(screen.getByRole('button', { name: 'End session' }));
    expect(await screen.findByRole('button', { name: 'Start' })).toBeTruthy();
    expect(screen.queryByText('Your session has ended')).toBeNull();
  });

  test('what a failed action was about is told, and what was shown stays', async () => {
    await open('/c/c1');
    const nav = screen.getByRole('navigation', { name: 'Conversations' });
    fireEvent.click(await within(nav).findByRole('button', { name: 'Rename' }));
    server.others.set('PATCH /api/conversations/c1', () => refuse('forbidden', 403));
    const title = within(nav).getByRole('textbox', { name: 'Title' });
    fireEvent.change(title, { target: { value: 'Moon' } });
    fireEvent.submit(title);
    expect(await screen.findByText('The conversation keeps its old title')).toBeTruthy();
    expect(within(nav).getByText('Tides')).toBeTruthy();
  });

  test('an unknown address says so', () => {
    render(
      <MemoryRouter initialEntries={['/nowhere']}>
        <App entry={entry} />
      </MemoryRouter>,
    );
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('There is nothing at this address');
  });
});
