import { routes } from '#contract/routes.ts';
import type { AccountPorts } from '#domain/accounts/account-ports.ts';
import { deviceOf } from '#domain/accounts/device.ts';
import { startGuest } from '#domain/accounts/guests.ts';
import { presentSession } from '#domain/accounts/present-account.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { signIn } from '#domain/accounts/sign-in.ts';
import { signInOptions } from '#domain/accounts/sign-in-options.ts';
import type { RateLimits } from '#domain/limits/rate-limits.ts';
import { AppError, isAppError, notFound } from '#platform/errors.ts';
import { networkOf } from '#platform/http/client-address.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { rateHeaders } from '#platform/http/rate-headers.ts';
import type { RefreshCookie } from '#platform/http/refresh-cookie.ts';
import type { SendGrant } from './send-grant.ts';

/** Signing in and out, and where one is signed in. */
export function mountSessionRoutes(
  app: HttpApp<Principal>,
  accounts: AccountPorts,
  {
    sendGrant,
    cookie,
    limits,
  }: { readonly sendGrant: SendGrant; readonly cookie: RefreshCookie; readonly limits: RateLimits },
): void {
  const { sessions, audit } = accounts;
  app.mount(routes.signInOptions, () => signInOptions(accounts));
  app.mount(routes.createGuest, async ({ body: { refresh, ...guest }, address, req, res }) => {
    await limits.guests.take(networkOf(address), rateHeaders(res));
    await limits.guestsOfDay.take(networkOf(address));
    const device = deviceOf(req.get('user-agent'));
    return sendGrant(res, req, await startGuest(accounts, { ...guest, device, address }), refresh);
  });
  app.mount(routes.createToken, async ({ body: { username, password, refresh }, address, req, res }) => {
    const device = deviceOf(req.get('user-agent'));
    const attempt = { account: username, network: networkOf(address) };
    const check = async () => {
      // A right password is no attempt, but its hash is work.
      await limits.tokens.take(attempt.network);
      return signIn(accounts, { username, password, device, address });
    };
    return sendGrant(res, req, await limits.signIn.watch(attempt, check, rateHeaders(res)), refresh);
  });
  app.mount(routes.refreshToken, async ({ body, address, req, res }) => {
    await limits.tokens.take(networkOf(address), rateHeaders(res));
    if (body.refresh_token !== undefined)
      return sendGrant(res, req, await sessions.refresh(body.refresh_token, address), 'body');
    const token = cookie.read(req);
    if (token === undefined) throw new AppError('unauthenticated', 'You are not signed in: no refresh token came.');
    try {
      return sendGrant(res, req, await sessions.refresh(token, address), 'cookie');
    } catch (error) {
      const over = isAppError(error, 'unauthenticated') || isAppError(error, 'session_expired');
      if (over) cookie.clear(req, res);
      throw error;
    }
  });
  app.mount(routes.logout, async ({ principal, address, req, res }) => {
    await sessions.end(principal.sessionId);
    cookie.clear(req, res);
    await audit.record({ action: 'sign_out', outcome: 'success', actorId: principal.id, address });
  });
  app.mount(routes.createTicket, async ({ principal }) => {
    const { ticket, expiresInMs } = await sessions.createTicket(principal);
    return { ticket, expiresIn: Math.floor(expiresInMs / 1_000) };
  });
  app.mount(routes.listSessions, async ({ principal: { id, sessionId } }) => ({
    items: (await sessions.list(id)).map((session) => presentSession(session, sessionId)),
  }));
  app.mount(routes.endSession, async ({ principal: { id: personId }, params: { id }, address }) => {
    if (!(await sessions.end(id, { personId }))) throw notFound('session');
    await audit.record({ action: 'sessions_end', outcome: 'success', actorId: personId, subjectId: personId, address });
  });
  app.mount(routes.endSessions, async ({ principal: { id }, address, req, res }) => {
    await sessions.endAllOf(id);
    cookie.clear(req, res);
    await audit.record({ action: 'sessions_end', outcome: 'success', actorId: id, subjectId: id, address });
  });
}
