import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { tokenResponse } from '#contract/accounts.ts';
import type { Grant } from '#domain/accounts/sessions.ts';
import type { RefreshCookie } from '#platform/http/refresh-cookie.ts';

/**
 * Gives whoever signed in what they get: the refresh token in the cookie, or in the reply where a program asked for it there
 * (`body`). Returns the reply.
 */
export type SendGrant = (
  res: Response,
  req: Request,
  grant: Grant,
  refresh: 'cookie' | 'body',
) => z.output<typeof tokenResponse>;

export const grantSender =
  (cookie: RefreshCookie): SendGrant =>
  (res, req, { accessToken, expiresInMs, refreshToken, refreshExpiresAt }, refresh) => {
    if (refresh === 'cookie') cookie.set(req, res, refreshToken, refreshExpiresAt);
    return {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: Math.max(1, Math.floor(expiresInMs / 1000)),
      ...(refresh === 'body' && { refresh_token: refreshToken }),
    };
  };
