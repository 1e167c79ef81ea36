import { afterEach, describe, expect, test, vi } from 'vitest';
import { newestOrKept, pageOrShell, reserved } from './replies.ts';

const request = new Request('http://localhost/settings.js');
const answers =
  (status: number, body = 'new') =>
  async () =>
    new Response(body, { status });
const offline = () => Promise.reject(new TypeError('Failed to fetch'));
/** A network so slow that its answer comes after a minute. */
const slow = () =>
  new Promise<Response>((resolve) => {
    setTimeout(() => resolve(new Response('late')), 60_000);
  });
const shell = async () => new Response('kept');

afterEach(() => vi.useRealTimers());

test('what is kept is not waited for longer than a few seconds; what is not, for as long as it takes', async () => {
  vi.useFakeTimers();
  const kept = { put: async () => {}, match: async () => new Response('last') };
  const said: string[] = [];
  const hear = async (reply: Promise<Response>) => void said.push(await (await reply).text());
  const heard = [
    hear(pageOrShell(request, slow, shell)),
    hear(newestOrKept(request, slow, kept)),
    hear(pageOrShell(request, slow, async () => undefined)),
  ];
  await vi.advanceTimersByTimeAsync(5_000);
  expect(said).toEqual(['kept', 'last']);
  await vi.advanceTimersByTimeAsync(55_000);
  await Promise.all(heard);
  expect(said).toEqual(['kept', 'last', 'late']);
});

describe('a page', () => {
  test.each([200, 304, 404, 421])('is that of the network where it says %i', async (status) => {
    const fetch = async () => ({ status }) as Response;
    expect((await pageOrShell(request, fetch, shell)).status).toBe(status);
  });

  test.each([
    ['there is no network', offline],
    ['the server is away', answers(502)],
    ['the server is being replaced', answers(503)],
  ])('is the kept one where %s', async (_, fetch) => {
    expect(await (await pageOrShell(request, fetch, shell)).text()).toBe('kept');
  });

  test('is what the server said where none was kept', async () => {
    expect((await pageOrShell(request, answers(503), async () => undefined)).status).toBe(503);
    expect((await pageOrShell(request, offline, async () => undefined)).type).toBe('error');
  });
});

describe('the settings', () => {
  const cache = () => {
    const entries: Response[] = [];
    return {
      entries,
      put: async (_: unknown, reply: Response) => void entries.splice(0, 1, reply),
      match: async () => entries[0]?.clone(),
    };
  };

  test('are those of the network, always', async () => {
    const kept = cache();
    for (const body of ['one', 'two']) {
      expect(await (await newestOrKept(request, answers(200, body), kept)).text()).toBe(body);
    }
    expect(await kept.entries[0]?.text()).toBe('two');
  });

  test('are asked for past the browser’s own cache', async () => {
    let asked: RequestInit | undefined;
    const fetch = async (_: Request, init?: RequestInit) => {
      asked = init;
      return new Response('new');
    };
    await newestOrKept(request, fetch, cache());
    expect(asked).toEqual({ cache: 'no-store' });
  });

  test.each([offline, answers(503)])('are the last ones where the network has none', async (fetch) => {
    const kept = cache();
    await newestOrKept(request, answers(200, 'one'), kept);
    expect(await (await newestOrKept(request, fetch, kept)).text()).toBe('one');
  });

  test('are nobody’s where there never were any, and a refusal is not kept', async () => {
    const kept = cache();
    expect((await newestOrKept(request, offline, kept)).type).toBe('error');
    expect((await newestOrKept(request, answers(404), kept)).status).toBe(404);
    expect(kept.entries).toEqual([]);
  });
});

test.each(['/api/auth/oidc/start', '/api', '/docs', '/health', '/ws?ticket=x', '/edge-health'])(
  'leaves %s to the network',
  (path) => expect(reserved.test(path)).toBe(true),
);
test.each(['/', '/c/1', '/stories', '/apiary', '/settings/data'])('takes %s for a page', (path) =>
  expect(reserved.test(path)).toBe(false),
);
