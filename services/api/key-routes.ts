import { routes } from '#contract/routes.ts';
import type { AccountPorts } from '#domain/accounts/account-ports.ts';
import { presentApiKey } from '#domain/accounts/present-account.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { notFound } from '#platform/errors.ts';
import type { HttpApp } from '#platform/http/create-app.ts';

/** Keys of people's own programs. */
export function mountKeyRoutes(app: HttpApp<Principal>, { apiKeys, audit }: AccountPorts): void {
  app.mount(routes.listKeys, async ({ principal }) => ({
    items: (await apiKeys.list(principal.id)).map(presentApiKey),
  }));
  app.mount(routes.createKey, async ({ principal, body, address }) => {
    const created = await apiKeys.create(principal.id, body);
    const details = { scopes: created.scopes.join(' ') };
    await audit.record({
      action: 'key_create',
      outcome: 'success',
      actorId: principal.id,
      subjectId: created._id,
      details,
      address,
    });
    return { ...presentApiKey(created), key: created.key };
  });
  app.mount(routes.deleteKey, async ({ principal, params, address }) => {
    if (!(await apiKeys.end(principal.id, params.id))) throw notFound('API key');
    await audit.record({ action: 'key_end', outcome: 'success', actorId: principal.id, subjectId: params.id, address });
  });
}
