import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { routes } from '#contract/routes.ts';
import { deleteOwnAccount } from '#domain/accounts/delete-person.ts';
import { type ExportSources, exportPerson } from '#domain/accounts/export-person.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { changePassword } from '#domain/accounts/reset-password.ts';
import type { RateLimits } from '#domain/limits/rate-limits.ts';
import { networkOf } from '#platform/http/client-address.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { rateHeaders } from '#platform/http/rate-headers.ts';
import type { RefreshCookie } from '#platform/http/refresh-cookie.ts';

/** One's own password, all of one's data, and the end of it. */
export function mountMyDataRoutes(
  app: HttpApp<Principal>,
  sources: ExportSources,
  { cookie, limits }: { readonly cookie: RefreshCookie; readonly limits: RateLimits },
): void {
  const { accounts, chat } = sources;
  // Whoever found a browser open must not find the password out by it.
  const watch = ({ principal, address, res }: Exchange, change: () => Promise<void>) => {
    const attempt = { account: principal.id, network: networkOf(address) };
    const check = async () => {
      await limits.tokens.take(attempt.network);
      await change();
    };
    return limits.signIn.watch(attempt, check, rateHeaders(res));
  };
  app.mount(routes.changePassword, ({ body, ...call }) =>
    watch(call, () => changePassword(accounts, call.principal, body, { address: call.address })),
  );
  app.mount(routes.deleteMe, async ({ body, ...call }) => {
    const { principal, address, req, res } = call;
    await watch(call, () => deleteOwnAccount(accounts, chat, principal, body, { address }));
    cookie.clear(req, res);
  });
  app.mount(routes.exportMe, async ({ principal: { id }, address, res }) => {
    await accounts.audit.record({ action: 'data_export', outcome: 'success', actorId: id, subjectId: id, address });
    const pieces = exportPerson(sources, id);
    // What fails before anything was written is answered as any error; after that the reply can only be cut.
    const first = await pieces.next();
    res.type('application/json');
    res.attachment('lamplight-export.json');
    await pipeline(Readable.from(rest(first, pieces), { highWaterMark: 1 }), res);
  });
}

async function* rest(first: IteratorResult<string, unknown>, pieces: AsyncIterable<string>): AsyncGenerator<string> {
  if (first.done) return;
  yield first.value;
  yield* pieces;
}

interface Exchange {
  readonly principal: Principal;
  readonly address: string;
  readonly res: Response;
}
