import { beforeEach, describe, expect, test } from 'vitest';
import { ApiError, type ClientErrorCode } from './api-error.ts';
import { Browser, tokenOf } from './session.fixture.ts';
import { Session, type Token } from './session.ts';

const failure = (code: ClientErrorCode, retryAfter?: number) =>
  new ApiError({ code, message: code, traceId: 'a', retryAfter });
const tick = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

/** A browser whose tabs share its storage, and a server that answers what `answer` says. */
function openBrowser() {
  const browser = new Browser();
  const server = {
    refreshes: 0,
    loggedOut: [] as string[],
    answer: async (): Promise<Token> => ({ access_token: tokenOf('ada', server.refreshes), expires_in: 900 }),
    logout: async (token: string): Promise<void> => void server.loggedOut.push(token),
  };
  const timers: { ms: number; callback: () => void; cancelled: boolean }[] = [];
  const openTab = () =>
    new Session({
      storage: localStorage,
      tabs: browser.newTab(),
      refresh: () => {
        server.refreshes += 1;
        return server.answer();
      },
      logout: (token) => server.logout(token),
      after: (ms, callback) => {
        const timer = { ms, callback, cancelled: false };
        timers.push(timer);
        return () => {
          timer.cancelled = true;
        };
      },
      random: () => 1,
    });
  const pending = () => timers.filter(({ cancelled }) => !cancelled).map(({ ms }) => ms);
  const fire = async () => {
    for (const timer of timers.splice(0)) if (!timer.cancelled) timer.callback();
    await tick();
  };
  const begin = (session: Session, person = 'ada', holder: 'guest' | 'account' = 'account') =>
    session.begin(holder, async () => ({ access_token: tokenOf(person), expires_in: 900 }), 'Ada');
  return { server, openTab, pending, fire, begin };
}

beforeEach(() => localStorage.clear());

describe('Session', () => {
  test('asks nothing where nobody was signed in, and removes what an earlier version kept', async () => {
    localStorage.setItem('lamplight.token', 'old');
    const { openTab, server } = openBrowser();
    const session = openTab();
    expect(session.state()).toEqual({ kind: 'none' });
    await session.resume();
    expect(server.refreshes).toBe(0);
    expect(localStorage).toHaveLength(0);
  });

  test('keeps no token in the browser, and is found again after a reload by the cookie', async () => {
    const { openTab, begin } = openBrowser();
    await begin(openTab());
    expect(JSON.stringify({ ...localStorage })).not.toContain(tokenOf('ada').split('.')[1]);
    const reloaded = openTab();
    expect(reloaded.state()).toEqual({ kind: 'unknown' });
    await reloaded.resume();
    expect(reloaded.state()).toEqual({ kind: 'active', person: 'ada', holder: 'account' });
    expect(reloaded.token()).toBe(tokenOf('ada', 1));
    expect(reloaded.lastName()).toBe('Ada');
  });

  test('comes back from a provider without a trace of itself in the browser', async () => {
    const session = openBrowser().openTab();
    await session.resume(true);
    expect(session.state()).toMatchObject({ kind: 'active', holder: 'account' });
  });

  test('renews a token a minute before it expires, and tells nobody of a token that speaks for the same person', async () => {
    const { openTab, begin, pending, fire, server } = openBrowser();
    const session = openTab();
    await begin(session);
    let told = 0;
    session.subscribe(() => {
      told += 1;
    });
    expect(pending()).toEqual([840_000]);
    await fire();
    expect(server.refreshes).toBe(1);
    expect(session.token()).toBe(tokenOf('ada', 1));
    expect(told).toBe(0);
    expect(pending()).toEqual([840_000]);
  });

  test('renews a short-lived one halfway', async () => {
    const { openTab, pending } = openBrowser();
    await openTab().begin('guest', async () => ({ access_token: 'x', expires_in: 20 }));
    expect(pending()).toEqual([10_000]);
  });

  test('asks once for many requests that were refused at the same time', async () => {
    const { openTab, begin, server } = openBrowser();
    const session = openTab();
    await begin(session);
    const refused = tokenOf('ada');
    const renewed = await Promise.all([session.renew(refused), session.renew(refused), session.renew(refused)]);
    expect(new Set(renewed)).toEqual(new Set([tokenOf('ada', 1)]));
    expect(await session.renew(refused)).toBe(tokenOf('ada', 1));
    expect(server.refreshes).toBe(1);
  });

  test('asks once for ten tabs that are opened at the same time', async () => {
    const { openTab, begin, server } = openBrowser();
    await begin(openTab());
    const tabs = Array.from({ length: 10 }, openTab);
    await Promise.all(tabs.map((tab) => tab.resume()));
    expect(server.refreshes).toBe(1);
    for (const tab of tabs) expect(tab.state()).toMatchObject({ kind: 'active', person: 'ada' });
  });

  test.each(['session_expired', 'unauthenticated', 'account_disabled'] as const)(
    'is over where the server says %s, in every tab',
    async (code) => {
      const { openTab, begin, server } = openBrowser();
      const [first, second] = [openTab(), openTab()];
      await begin(first);
      server.answer = () => Promise.reject(failure(code));
      expect(await first.renew(tokenOf('ada'))).toBeUndefined();
      for (const tab of [first, second])
        expect(tab.state()).toEqual({ kind: 'ended', holder: 'account', person: 'ada' });
      await openTab().resume();
      expect(server.refreshes).toBe(1);
    },
  );

  test.each(['unreachable', 'store_unavailable', 'rate_limited'] as const)('%s ends no session', async (code) => {
    const { openTab, begin, server } = openBrowser();
    const session = openTab();
    await begin(session, 'ada', 'guest');
    server.answer = () => Promise.reject(failure(code));
    await expect(session.renew(tokenOf('ada'))).rejects.toMatchObject({ code });
    expect(session.state()).toMatchObject({ kind: 'active' });
  });

  test('tries again by itself where it could not be asked, later each time, and as late as the server wants', async () => {
    localStorage.setItem('lamplight.session', 'guest');
    const { openTab, server, pending, fire } = openBrowser();
    const session = openTab();
    server.answer = () => Promise.reject(failure('unreachable'));
    await session.resume();
    expect(session.state()).toMatchObject({ kind: 'unknown', error: { code: 'unreachable' } });
    expect(pending().at(-1)).toBe(500);
    server.answer = () => Promise.reject(failure('rate_limited', 7));
    await fire();
    expect(pending()).toEqual([7_000]);
    server.answer = async () => ({ access_token: tokenOf('ada', 9), expires_in: 900 });
    session.hurry();
    await tick();
    expect(session.token()).toBe(tokenOf('ada', 9));
  });

  test('leaves nothing behind when the person ends it, and tells the other tabs and the server', async () => {
    const { openTab, begin, server } = openBrowser();
    const [first, second] = [openTab(), openTab()];
    await begin(first);
    const leaving = first.leave();
    for (const tab of [first, second]) expect(tab.state()).toEqual({ kind: 'left' });
    await leaving;
    expect(server.loggedOut).toEqual([tokenOf('ada')]);
    expect(localStorage).toHaveLength(0);
  });

  test('ends a session that is left with an expired token by a new one', async () => {
    const { openTab, begin, server } = openBrowser();
    const session = openTab();
    await begin(session);
    server.logout = async (token) => {
      if (token === tokenOf('ada')) throw failure('unauthenticated');
      server.loggedOut.push(token);
    };
    await session.leave();
    expect(server.loggedOut).toEqual([tokenOf('ada', 1)]);
    expect(session.state()).toEqual({ kind: 'left' });
  });

  test('ends later on the server what was left without a network, and shows nobody as signed in meanwhile', async () => {
    const { openTab, begin, server } = openBrowser();
    const session = openTab();
    await begin(session);
    const { logout } = server;
    server.logout = () => Promise.reject(failure('unreachable'));
    await session.leave();
    const reloaded = openTab();
    expect(reloaded.state()).toEqual({ kind: 'none' });
    server.logout = logout;
    await reloaded.resume();
    expect(server.loggedOut).toEqual([tokenOf('ada', 1)]);
    expect(reloaded.state()).toEqual({ kind: 'none' });
    expect(localStorage).toHaveLength(0);
  });

  test('who left does not come back by a renewal that was under way', async () => {
    const { openTab, begin, server } = openBrowser();
    const session = openTab();
    await begin(session);
    const answered = Promise.withResolvers<Token>();
    server.answer = () => answered.promise;
    const renewing = session.renew(tokenOf('ada'));
    await tick();
    await session.endBy(async () => undefined);
    answered.resolve({ access_token: tokenOf('ada', 2), expires_in: 900 });
    expect(await renewing).toBeUndefined();
    expect(session.state()).toEqual({ kind: 'left' });
  });

  test('is no surprise that ends while the person ends it, and goes on where that is refused', async () => {
    const { openTab, begin, server } = openBrowser();
    const session = openTab();
    await begin(session);
    await expect(session.endBy(() => Promise.reject(failure('wrong_credentials')))).rejects.toThrow();
    expect(session.state()).toMatchObject({ kind: 'active' });
    server.answer = () => Promise.reject(failure('unauthenticated'));
    await session.endBy(async () => void (await session.renew(tokenOf('ada'))));
    expect(session.state()).toEqual({ kind: 'left' });
    await begin(session);
    await session.renew(session.token());
    expect(session.state()).toMatchObject({ kind: 'ended' });
  });

  test.each(['guest', 'account'] as const)(
    'shows nobody of a %s who left in another tab, where this one was put away and did not hear it',
    async (holder) => {
      const { openTab, begin, server } = openBrowser();
      const session = openTab();
      await begin(session, 'ada', holder);
      localStorage.removeItem('lamplight.session');
      session.returned();
      await tick();
      expect(session.state()).toEqual({ kind: 'left' });
      expect(await session.renew(session.token())).toBeUndefined();
      expect(server.refreshes).toBe(0);
    },
  );

  test('is that of whoever signed in meanwhile, where the page was put away', async () => {
    const { openTab, begin, server } = openBrowser();
    const session = openTab();
    await begin(session);
    server.answer = async () => ({ access_token: tokenOf('bo'), expires_in: 900 });
    session.returned();
    await tick();
    expect(session.state()).toMatchObject({ kind: 'active', person: 'bo' });
  });

  test('tells who was here last until they sign out', async () => {
    const { openTab, begin } = openBrowser();
    await begin(openTab(), 'ada', 'guest');
    expect(openTab().lastPerson()).toBe('ada');
    const tab = openTab();
    await tab.resume();
    await tab.leave();
    expect(openTab().lastPerson()).toBeUndefined();
  });

  test('follows another tab in which somebody else signs in', async () => {
    const { openTab, begin } = openBrowser();
    const [first, second] = [openTab(), openTab()];
    await begin(first);
    expect(second.state()).toMatchObject({ person: 'ada' });
    await begin(second, 'bo', 'guest');
    expect(first.state()).toEqual({ kind: 'active', person: 'bo', holder: 'guest' });
  });

  test('stays as it was where signing in is refused', async () => {
    const session = openBrowser().openTab();
    await expect(session.begin('account', () => Promise.reject(failure('wrong_credentials')))).rejects.toThrow();
    expect(session.state()).toEqual({ kind: 'none' });
    expect(localStorage).toHaveLength(0);
  });
});
