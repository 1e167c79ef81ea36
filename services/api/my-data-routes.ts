import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { routes } from '#contract/routes.ts';
import { deleteOwnAccount } from '#domain/accounts/delete-person.ts';
import { type ExportSources, exportPerson } from '#domain/accounts/export-person.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { changePassword } from '#domain/accounts/reset-password.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import type { RefreshCookie } from '#platform/http/refresh-cookie.ts';

/** One's own password, all of one's data, and the end of it. */
export function mountMyDataRoutes(
  app: HttpApp<Principal>,
  sources: ExportSources,
  { cookie }: { readonly cookie: RefreshCookie },
): void {
  const { accounts, chat } = sources;
  app.mount(routes.changePassword, ({ principal, body, address }) =>
    changePassword(accounts, principal, body, { address }),
  );
  app.mount(routes.deleteMe, async ({ principal, body, address, req, res }) => {
    await deleteOwnAccount(accounts, chat, principal, body, { address });
    cookie.clear(req, res);
  });
  app.mount(routes.exportMe, async ({ principal: { id }, address, res }) => {
    await accounts.audit.record({ action: 'data_export', outcome: 'success', actorId: id, subjectId: id, address });
    res.type('application/json');
    res.attachment('lamplight-export.json');
    await pipeline(Readable.from(exportPerson(sources, id), { highWaterMark: 1 }), res);
  });
}
