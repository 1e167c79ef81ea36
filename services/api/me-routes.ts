import { routes } from '#contract/routes.ts';
import type { AccountPorts } from '#domain/accounts/account-ports.ts';
import { changeMe, getMe } from '#domain/accounts/me.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import type { HttpApp } from '#platform/http/create-app.ts';

/** Who the caller is. */
export function mountMeRoutes(app: HttpApp<Principal>, accounts: AccountPorts): void {
  app.mount(routes.getMe, ({ principal }) => getMe(accounts, principal));
  app.mount(routes.changeMe, ({ principal, body }) => changeMe(accounts, principal, body));
}
