import type { Request, Response } from 'express';
import { routes } from '#contract/routes.ts';
import type { AccountPorts } from '#domain/accounts/account-ports.ts';
import type { PersonRecord } from '#domain/accounts/account-records.ts';
import { deviceOf } from '#domain/accounts/device.ts';
import { acceptInvitation } from '#domain/accounts/invitations.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { register, verifyEmail } from '#domain/accounts/register.ts';
import { forgotPassword, resetPassword } from '#domain/accounts/reset-password.ts';
import type { RateLimits } from '#domain/limits/rate-limits.ts';
import { networkOf } from '#platform/http/client-address.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { rateHeaders } from '#platform/http/rate-headers.ts';
import type { SendGrant } from './send-grant.ts';

/** How people get an account, and back into it. */
export function mountRegistrationRoutes(
  app: HttpApp<Principal>,
  accounts: AccountPorts,
  { sendGrant, limits }: { readonly sendGrant: SendGrant; readonly limits: RateLimits },
): void {
  const signIn = async (person: PersonRecord, refresh: 'cookie' | 'body', { req, res }: Exchange) => {
    const device = deviceOf(req.get('user-agent'));
    return sendGrant(res, req, await accounts.sessions.start(person, { device }), refresh);
  };
  const limit = ({ address, res }: Exchange) => limits.accounts.take(networkOf(address), rateHeaders(res));
  const limitMails = async (email: string, call: Exchange) => {
    await limit(call);
    const hear = rateHeaders(call.res);
    // What is left of it would tell whether others ask for mails to this address: it is said only where nothing is.
    await limits.mails.take(email, (allowance) => {
      if (!allowance.allowed) hear(allowance);
    });
  };
  app.mount(routes.register, async ({ body, principal, ...call }) => {
    await limitMails(body.email, call);
    await register(accounts, body, principal, call);
  });
  app.mount(routes.verifyEmail, async ({ body, ...call }) => {
    await limit(call);
    return signIn(await verifyEmail(accounts, body, call), body.refresh, call);
  });
  app.mount(routes.forgotPassword, async ({ body, ...call }) => {
    await limitMails(body.email, call);
    await forgotPassword(accounts, body.email);
  });
  app.mount(routes.resetPassword, async ({ body, ...call }) => {
    await limit(call);
    return signIn(await resetPassword(accounts, body, call), body.refresh, call);
  });
  app.mount(routes.acceptInvitation, async ({ body, ...call }) => {
    await limit(call);
    return signIn(await acceptInvitation(accounts, body, call), body.refresh, call);
  });
}

interface Exchange {
  readonly address: string;
  readonly req: Request;
  readonly res: Response;
}
