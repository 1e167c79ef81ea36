import { routes } from '#contract/routes.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { myUsage, type UsagePorts } from '#domain/usage/my-usage.ts';
import type { HttpApp } from '#platform/http/create-app.ts';

/** What a person has left. */
export function mountUsageRoutes(app: HttpApp<Principal>, ports: UsagePorts): void {
  app.mount(routes.getMyUsage, ({ principal }) => myUsage(ports, principal));
}
