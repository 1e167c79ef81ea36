import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import { routes } from '#contract/routes.ts';
import type { AccountPorts } from '#domain/accounts/account-ports.ts';
import { deviceOf } from '#domain/accounts/device.ts';
import { OpenIdError } from '#domain/accounts/open-id-failure.ts';
import { handshakeMs, openHandshake, sealHandshake } from '#domain/accounts/open-id-handshake.ts';
import { OpenIdProvider } from '#domain/accounts/open-id-provider.ts';
import { signInByOpenId } from '#domain/accounts/open-id-sign-in.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import type { RateLimits } from '#domain/limits/rate-limits.ts';
import { AppError } from '#platform/errors.ts';
import { networkOf } from '#platform/http/client-address.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { logError, toErrorDetail } from '#platform/http/error-response.ts';
import { rateHeaders } from '#platform/http/rate-headers.ts';
import { recordOf } from '#platform/http/request-record.ts';
import type { SendGrant } from './send-grant.ts';

const callbackPath = routes.finishOpenId.path;

/** Signing in through the OpenID provider: to it, and back from it. Whatever happens, the person ends on the page. */
export function mountOpenIdRoutes(
  app: HttpApp<Principal>,
  accounts: AccountPorts,
  { sendGrant, limits }: { readonly sendGrant: SendGrant; readonly limits: RateLimits },
): void {
  const { keys, clock, settings } = accounts;
  const { openId: config, publicUrl } = settings;
  const provider = config && new OpenIdProvider(config, clock);
  const cookie = handshakeCookie(publicUrl.startsWith('https:'));

  const toPage = (res: Response, path: string): void => res.redirect(302, `${publicUrl}${path}`);
  const fail = async (res: Response, error: unknown, address: string) => {
    const code = await noteFailure(accounts, res, error, address);
    toPage(res, `/sign-in#${new URLSearchParams({ error: code, trace: recordOf(res).trace.traceId })}`);
  };

  app.mount(routes.startOpenId, async ({ address, req, res }) => {
    if (!provider) throw notConfigured();
    try {
      await limits.tokens.take(networkOf(address), rateHeaders(res));
      const { url, handshake } = await provider.begin(redirectUri(req, publicUrl));
      cookie.set(res, sealHandshake(keys, clock, handshake));
      res.redirect(302, url.href);
    } catch (error) {
      await fail(res, error, address);
    }
  });

  app.mount(routes.finishOpenId, async ({ address, req, res }) => {
    if (!provider || !config) throw notConfigured();
    try {
      await limits.tokens.take(networkOf(address), rateHeaders(res));
      const handshake = openHandshake(keys, clock, cookie.read(req) ?? '');
      // It is good for one answer, whatever that is.
      cookie.clear(res);
      if (!handshake) throw new OpenIdError('expired', 'this browser began no sign-in');
      const claims = await provider.finish(queryOf(req), handshake);
      const device = deviceOf(req.get('user-agent'));
      sendGrant(res, req, await signInByOpenId(accounts, { config, claims, device, address }), 'cookie');
      toPage(res, '/#signed-in');
    } catch (error) {
      await fail(res, error, address);
    }
  });
}

/** What the page is told of a failure; operators find it in the log, administrators what may be an attack. */
async function noteFailure(
  { logger, audit }: AccountPorts,
  res: Response,
  error: unknown,
  address: string,
): Promise<string> {
  if (!(error instanceof OpenIdError)) {
    logError(logger, error);
    const record = recordOf(res);
    record.errorCode = toErrorDetail(error, record.trace.traceId).code;
    return record.errorCode;
  }
  const { failure, message } = error;
  if (failure === 'provider_unavailable' || failure === 'refused') {
    logger.warn(`Signing in through the OpenID provider failed: ${message}.`, {
      'event.action': 'openid_sign_in',
      'event.outcome': 'failure',
    });
  }
  if (failure === 'refused')
    await audit.record({ action: 'openid_sign_in', outcome: 'failure', details: { reason: failure }, address });
  return failure;
}

const notConfigured = () => new AppError('not_found', 'Nobody signs in through another provider here.');

/** The host by which the browser came, that of the page or of the API: the handshake's cookie is there. The provider knows both or neither. */
const redirectUri = (req: Request, publicUrl: string): string => {
  const own = new URL(publicUrl);
  const host = req.headers.host ?? '';
  return `${own.protocol}//${/^[\w.:[\]-]+$/.test(host) ? host : own.host}${callbackPath}`;
};

const queryOf = (req: Request): URLSearchParams => new URL(req.originalUrl, 'http://localhost').searchParams;

/** `Lax`, so that it comes along when the provider sends the person back; kept while they are there. */
function handshakeCookie(secure: boolean) {
  const name = secure ? '__Host-lamplight-oidc' : 'lamplight-oidc';
  const write = (res: Response, value: string, maxAge: number) => {
    const cookie = stringifySetCookie({ name, value, path: '/', httpOnly: true, secure, sameSite: 'lax', maxAge });
    res.append('Set-Cookie', cookie);
  };
  return {
    read: (req: Request): string | undefined => parseCookie(req.headers.cookie ?? '')[name],
    set: (res: Response, value: string) => write(res, value, handshakeMs / 1_000),
    clear: (res: Response) => write(res, '', 0),
  };
}
