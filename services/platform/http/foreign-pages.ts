import type { IncomingMessage } from 'node:http';
import { AppError } from '#platform/errors.ts';

export interface OwnPages {
  /** What people type into their browser. */
  readonly publicUrl: string;
  /** Origins of other hosts whose pages may call the API and open sockets. */
  readonly corsOrigins: readonly string[];
}

/** Throws `forbidden` where a page of somewhere else asks in the name of the browser's owner. */
export type RefuseForeignPage = (req: Pick<IncomingMessage, 'headers'>) => void;

/**
 * Browsers say where a request comes from: `Origin` with all that changes something, `Sec-Fetch-Site` with everything
 * (https://www.w3.org/TR/fetch-metadata/). What says neither is a program, which nobody can misuse by a page.
 */
export function refuseForeignPages({ publicUrl, corsOrigins }: OwnPages): RefuseForeignPage {
  const scheme = publicUrl.startsWith('https:') ? 'https' : 'http';
  const own = URL.parse(publicUrl)?.origin;
  const listed = new Set(corsOrigins);
  return ({ headers }) => {
    const { origin, host } = headers;
    if (origin !== undefined && listed.has(origin)) return;
    const ownOrigin = origin === undefined || origin === own || origin === `${scheme}://${host}`;
    const site = headers['sec-fetch-site'];
    // A navigation that somebody began by hand has no site. A page of a neighbouring host is not ours, unless it is the one that
    // people type, which calls an API on a host of its own.
    const ownSite =
      site === undefined || site === 'same-origin' || site === 'none' || (site === 'same-site' && origin === own);
    if (!ownOrigin || !ownSite) {
      throw new AppError('forbidden', 'This came from a page of another site, which may not act for you here.');
    }
  };
}
