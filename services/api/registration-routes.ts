import type { Request, Response } from 'express';
import { routes } from '#contract/routes.ts';
import type { AccountPorts } from '#domain/accounts/account-ports.ts';
import type { PersonRecord } from '#domain/accounts/account-records.ts';
import { deviceOf } from '#domain/accounts/device.ts';
import { acceptInvitation } from '#domain/accounts/invitations.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { register, verifyEmail } from '#domain/accounts/register.ts';
import { forgotPassword, resetPassword } from '#domain/accounts/reset-password.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import type { SendGrant } from './send-grant.ts';

/** How people get an account, and back into it. */
export function mountRegistrationRoutes(
  app: HttpApp<Principal>,
  accounts: AccountPorts,
  { sendGrant }: { readonly sendGrant: SendGrant },
): void {
  const signIn = async (person: PersonRecord, refresh: 'cookie' | 'body', { req, res }: Exchange) => {
    const device = deviceOf(req.get('user-agent'));
    return sendGrant(res, req, await accounts.sessions.start(person, { device }), refresh);
  };
  app.mount(routes.register, ({ body, principal, address }) => register(accounts, body, principal, { address }));
  app.mount(routes.verifyEmail, async ({ body: { token, refresh }, ...call }) =>
    signIn(await verifyEmail(accounts, token, call), refresh, call),
  );
  app.mount(routes.forgotPassword, ({ body }) => forgotPassword(accounts, body.email));
  app.mount(routes.resetPassword, async ({ body, ...call }) =>
    signIn(await resetPassword(accounts, body, call), body.refresh, call),
  );
  app.mount(routes.acceptInvitation, async ({ body, ...call }) =>
    signIn(await acceptInvitation(accounts, body, call), body.refresh, call),
  );
}

interface Exchange {
  readonly req: Request;
  readonly res: Response;
}
