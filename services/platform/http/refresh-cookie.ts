import { parseCookie, type SetCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';
import type { Logger } from '#platform/telemetry/logger.ts';

/** A browser takes a cookie of this prefix from its own host alone, over TLS, and shows it to no other (RFC 6265bis, section 4.1.3.2). */
const prefixed = '__Host-lamplight';
const plain = 'lamplight';

/** What browsers hold to be as safe as TLS: https://www.w3.org/TR/secure-contexts/#is-origin-trustworthy. */
const loopback = /^(localhost|[\w-]+(\.[\w-]+)*\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/** The cookie that keeps a browser signed in: scripts cannot read it, and no other site can have it sent. */
export interface RefreshCookie {
  read(req: Request): string | undefined;
  /** `expiresAt`: milliseconds since the epoch. */
  set(req: Request, res: Response, token: string, expiresAt: number): void;
  clear(req: Request, res: Response): void;
}

/** `https`: people reach this over TLS. Over plain HTTP, the cookie goes without what asks for TLS, and the log says so once. */
export function createRefreshCookie({ https, logger }: { https: boolean; logger: Logger }): RefreshCookie {
  let warned = false;
  const isSafe = (req: Request) => https || loopback.test(req.headers.host ?? '');
  const write = (req: Request, res: Response, value: string, expires: Date) => {
    const secure = isSafe(req);
    if (!secure && !warned) {
      warned = true;
      logger.warn('People sign in over plain http://: whoever listens on the network can act as them. Set up TLS.', {
        'event.action': 'insecure_cookie',
      });
    }
    const name = secure ? prefixed : plain;
    const cookie: SetCookie = { name, value, path: '/', httpOnly: true, secure, sameSite: 'strict', expires };
    res.append('Set-Cookie', stringifySetCookie(cookie));
  };
  return {
    read: (req) => {
      const value = parseCookie(req.headers.cookie ?? '')[isSafe(req) ? prefixed : plain];
      return value === '' ? undefined : value;
    },
    set: (req, res, token, expiresAt) => write(req, res, token, new Date(expiresAt)),
    clear: (req, res) => write(req, res, '', new Date(0)),
  };
}
