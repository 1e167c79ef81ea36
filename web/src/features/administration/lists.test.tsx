import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { refuse } from '../chat/server.fixture.ts';
import { AdminServer, at, button, click, fill } from './administration.fixture.tsx';

let server: AdminServer;
/** Says that the end of the list is seen. */
let seeEnd: () => void;

beforeEach(() => {
  server = new AdminServer();
  seeEnd = () => {};
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(callback: (entries: unknown[]) => void) {
        seeEnd = () => callback([{ isIntersecting: true }]);
      }
      observe = () => {};
      disconnect = () => {};
    },
  );
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('invitations', () => {
  const list = 'GET /api/admin/invitations';
  const invite = 'POST /api/admin/invitations';
  const one = { id: 'i1', email: 'ada@example.org', role: 'user', createdAt: at, expiresAt: at };

  test('are sent with a role, and listed', async () => {
    server.others.set(invite, () => {
      server.others.set(list, () => [200, { items: [one] }]);
      return [201, one];
    });
    await server.open('/admin/invitations');
    expect(await screen.findByText('No invitation is waiting')).toBeTruthy();
    fill('E-mail', 'ada@example.org');
    fill('Role', 'manager');
    await click('Invite');
    expect(await screen.findByText('ada@example.org is invited')).toBeTruthy();
    expect(await screen.findByRole('rowheader', { name: 'ada@example.org' })).toBeTruthy();
    expect(server.sentTo(invite)).toEqual({ email: 'ada@example.org', role: 'manager' });
    expect(screen.getByLabelText('E-mail')).toHaveProperty('value', '');
  });

  test('that are refused keep what was entered and say why', async () => {
    server.others.set(invite, () => refuse('conflict', 409));
    await server.open('/admin/invitations');
    fill('E-mail', 'ada@example.org');
    await click('Invite');
    expect(await screen.findByText('Nobody was invited')).toBeTruthy();
    expect(screen.getByText('What you entered is kept here.')).toBeTruthy();
    expect(screen.getByLabelText('E-mail')).toHaveProperty('value', 'ada@example.org');
  });

  test('are withdrawn after a question', async () => {
    server.others.set(list, () => [200, { items: [one] }]);
    server.others.set('DELETE /api/admin/invitations/i1', () => {
      server.others.set(list, () => [200, { items: [] }]);
      return [204];
    });
    await server.open('/admin/invitations');
    await click('Withdraw the invitation of ada@example.org');
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Withdraw' }));
    expect(await screen.findByText('The invitation is withdrawn')).toBeTruthy();
    expect(await screen.findByText('No invitation is waiting')).toBeTruthy();
  });

  test('that were not withdrawn, or cannot be loaded, are told as that', async () => {
    server.others.set(list, () => [200, { items: [one] }]);
    server.others.set('DELETE /api/admin/invitations/i1', () => refuse('not_found', 404));
    await server.open('/admin/invitations');
    await click('Withdraw the invitation of ada@example.org');
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Withdraw' }));
    expect(await screen.findByText('The invitation was not withdrawn')).toBeTruthy();
    cleanup();
    server = new AdminServer();
    server.others.set(list, () => refuse('rate_limited', 429));
    await server.open('/admin/invitations');
    expect(await screen.findByText('Invitations could not be loaded')).toBeTruthy();
  });
});

describe('failed jobs', () => {
  const list = 'GET /api/admin/dead-letters';
  const retry = 'POST /api/admin/dead-letters/story_mail/j1/retry';
  const letter = {
    id: 'j1',
    queue: 'story_mail',
    subject: { storyId: 's9' },
    attempts: 5,
    error: '550 no such user',
    failedAt: at,
  };

  test('say what they were about and why they failed, and are tried again', async () => {
    server.others.set(list, () => [200, { items: [letter, { ...letter, id: 'j2', queue: 'later' }] }]);
    server.others.set(retry, () => {
      server.others.set(list, () => [200, { items: [] }]);
      return [202];
    });
    await server.open('/admin/dead-letters');
    const [item] = within(await screen.findByRole('list', { name: 'Failed jobs' })).getAllByRole('listitem');
    expect(item?.textContent).toContain('Mail with a story');
    expect(item?.textContent).toContain('5 tries');
    expect(item?.textContent).toContain('550 no such user');
    expect(item?.textContent).toContain('storyId s9');
    expect(screen.getByRole('heading', { name: 'later' })).toBeTruthy();
    await click('Try again: Mail with a story j1');
    expect(await screen.findByText('It is tried again')).toBeTruthy();
    expect(await screen.findByText('No job has failed for good')).toBeTruthy();
  });

  test('that are gone meanwhile say so and leave the list', async () => {
    server.others.set(list, () => [200, { items: [letter] }]);
    server.others.set(retry, () => {
      server.others.set(list, () => [200, { items: [] }]);
      return refuse('not_found', 404);
    });
    await server.open('/admin/dead-letters');
    await click(/^Try again/);
    expect(await screen.findByText('It was not put back')).toBeTruthy();
    expect(await screen.findByText('No job has failed for good')).toBeTruthy();
  });

  test('that cannot be loaded say so', async () => {
    server.others.set(list, () => refuse('rate_limited', 429));
    await server.open('/admin/dead-letters');
    expect(await screen.findByText('Failed jobs could not be loaded')).toBeTruthy();
  });
});

describe('the audit log', () => {
  const list = 'GET /api/admin/audit';
  const entry = {
    id: 'a1',
    at,
    action: 'role_change',
    outcome: 'success',
    actorId: 'p',
    subjectId: 'grace',
    details: { from: 'user', to: 'manager' },
    address: '203.0.113.7',
    traceId: 'abcdef0123456789abcdef0123456789',
  };

  test('tells who did what to whom, from where, with the trace to copy', async () => {
    const copied = vi.fn(async () => {});
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: copied }, languages: ['en'] });
    server.others.set(list, () => [
      200,
      {
        items: [
          entry,
          {
            ...entry,
            id: 'a2',
            action: 'sign_in',
            outcome: 'failure',
            actorId: undefined,
            subjectId: 'deleted',
            details: {},
          },
          { ...entry, id: 'a3', action: 'key_end', subjectId: 'k-1', details: {}, address: undefined, traceId: '' },
          { ...entry, id: 'a4', action: 'of_later' },
        ],
      },
    ]);
    await server.open('/admin/audit');
    expect(await screen.findAllByRole('link', { name: 'Grace' })).toHaveLength(2);
    expect(await screen.findAllByRole('link', { name: 'Root' })).toHaveLength(3);
    const rows = screen.getAllByRole('row').map(({ textContent }) => textContent);
    expect(rows[1]).toContain(`Changed a role DoneRootGracefrom userto managerTrace ID ${entry.traceId}203.0.113.7`);
    expect(rows[2]).toContain('Signed in by password Failednobody signed in(deleted)');
    expect(rows[3]).toContain('Ended an API key DoneRootk-1–');
    expect(rows[4]).toContain('of_later');
    fireEvent.click(screen.getAllByRole('button', { name: /^Copy trace ID/ })[0] as HTMLElement);
    expect(copied).toHaveBeenCalledWith(entry.traceId);
  });

  test('is searched by action and by person, which its address says', async () => {
    await server.open('/admin/audit?person=grace');
    expect(await screen.findByText('Of Grace')).toBeTruthy();
    expect(server.queryOf(list)).toEqual({ personId: 'grace' });
    fill('Action', 'sign_in');
    await waitFor(() => expect(server.queryOf(list)).toEqual({ action: 'sign_in', personId: 'grace' }));
    expect(await screen.findByText('Nothing like this happened')).toBeTruthy();
    await click('Show everybody');
    await waitFor(() => expect(server.queryOf(list)).toEqual({ action: 'sign_in' }));
    fill('Find a person by name or e-mail', 'gra');
    await click('Grace');
    await waitFor(() => expect(server.queryOf(list)).toEqual({ action: 'sign_in', personId: 'grace' }));
  });

  test('says where nobody is called like this', async () => {
    await server.open('/admin/audit');
    await screen.findByText('Nothing like this happened');
    server.others.set('GET /api/admin/people', () => [200, { items: [] }]);
    fill('Find a person by name or e-mail', 'nobody');
    expect(await screen.findByText('Nobody is called like this.')).toBeTruthy();
  });

  test('goes on as its end is seen, and says where it cannot', async () => {
    server.others.set(list, (query) =>
      query.get('cursor') ? refuse('rate_limited', 429) : [200, { items: [entry], nextCursor: 'next' }],
    );
    await server.open('/admin/audit');
    await screen.findByRole('link', { name: 'Grace' });
    act(() => seeEnd());
    expect(await screen.findByText('More could not be loaded')).toBeTruthy();
    server.others.set(list, (query) => [
      200,
      { items: [{ ...entry, id: query.get('cursor') ?? 'a1', action: 'register' }] },
    ]);
    await click('Load again');
    expect(await screen.findByText('Asked for an account', { selector: 'td *' })).toBeTruthy();
    expect(server.queryOf(list)).toEqual({ cursor: 'next' });
  });

  test('that cannot be loaded says so', async () => {
    server.others.set(list, () => refuse('rate_limited', 429));
    await server.open('/admin/audit');
    expect(await screen.findByText('The audit log could not be loaded')).toBeTruthy();
  });
});

describe('stories of people', () => {
  const list = 'GET /api/admin/stories';
  const read = 'GET /api/admin/stories/s1';

  test('are listed without what is told in them, below what reading one does', async () => {
    await server.open('/admin/stories');
    expect(await screen.findByText('Each reading is written into the audit log')).toBeTruthy();
    const link = await screen.findByRole('link', { name: 'The Lamp on the Hill' });
    expect(link.getAttribute('href')).toBe('/admin/stories/s1');
    expect(screen.getAllByRole('row')[1]?.textContent).toContain('GraceToldReadyReadyNot asked forBy the provider');
    expect(server.countOf(read)).toBe(0);
  });

  test('are opened once, with whose they are', async () => {
    server.me = { ...server.me, role: 'manager' };
    await server.open('/admin/stories');
    fireEvent.click(await screen.findByRole('link', { name: 'The Lamp on the Hill' }));
    expect(await screen.findByText('A story of Grace. That you read it is in the audit log.')).toBeTruthy();
    expect(await screen.findByText(/Mia saw a light/)).toBeTruthy();
    fireEvent.click(screen.getAllByRole('link', { name: 'Stories of people' })[1] as HTMLElement);
    fireEvent.click(await screen.findByRole('link', { name: 'The Lamp on the Hill' }));
    await screen.findByText(/^A story of Grace/);
    expect(server.countOf(read)).toBe(1);
  });

  test('are those of one person where one is chosen', async () => {
    await server.open('/admin/stories?person=grace');
    expect(await screen.findByText('Of Grace')).toBeTruthy();
    expect(server.queryOf(list)).toEqual({ personId: 'grace' });
    server.others.set(list, () => [200, { items: [] }]);
    await click('Show everybody');
    expect(await screen.findByText('No story is here')).toBeTruthy();
  });

  test('that are gone, or cannot be loaded, are told as that', async () => {
    server.others.set(read, () => refuse('not_found', 404));
    await server.open('/admin/stories/s1');
    expect(await screen.findByText('This story is not here')).toBeTruthy();
    cleanup();
    server = new AdminServer();
    server.others.set(read, () => refuse('store_unavailable', 503));
    await server.open('/admin/stories/s1');
    expect(await screen.findByText('This story could not be opened')).toBeTruthy();
    expect(await button('Load again')).toBeTruthy();
    cleanup();
    server = new AdminServer();
    server.others.set(list, () => refuse('rate_limited', 429));
    await server.open('/admin/stories');
    expect(await screen.findByText('Stories could not be loaded')).toBeTruthy();
  });
});
