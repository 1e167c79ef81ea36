import { routes } from '#contract/routes.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import type { Sessions } from '#domain/accounts/sessions.ts';
import type { HttpApp } from '#platform/http/create-app.ts';

/** Sessions, tickets, and who the caller is. */
export function mountAccountRoutes(app: HttpApp<Principal>, sessions: Sessions): void {
  app.mount(routes.createGuest, async ({ body }) => {
    const { token, expiresInMs } = await sessions.startGuest(body.name);
    return { access_token: token, token_type: 'Bearer' as const, expires_in: Math.floor(expiresInMs / 1_000) };
  });
  app.mount(routes.logout, ({ principal }) => sessions.end(principal));
  app.mount(routes.createTicket, async ({ principal }) => {
    const { ticket, expiresInMs } = await sessions.createTicket(principal);
    return { ticket, expiresIn: Math.floor(expiresInMs / 1_000) };
  });
  app.mount(routes.getMe, ({ principal: { id, name, role, timeZone, expiresAt } }) => ({
    id,
    name,
    role,
    timeZone,
    hasPassword: false,
    createdAt: new Date(0).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  }));
}
