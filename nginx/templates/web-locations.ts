import type { EdgeSettings } from '../settings.ts';
import { indented, map } from './quoting.ts';

/** Pages that are opened with a secret in their fragment, or where one is typed: a browser keeps nothing of them. */
const accountPages = ['sign-in', 'register', 'verify', 'forgot', 'reset', 'invitation'];
/** The same, and no search engine lists them; as services/platform/http/static-files.ts has it. */
const linkPages = ['story', 'unsubscribe'];

/** How long a file of the web app may be kept without asking. */
export const pageCacheMap = (): string =>
  map('$request_uri', '$edge_page_cache', [
    ['default', 'no-cache'],
    [`~^/(${[...accountPages, ...linkPages].join('|')})/?([?]|$)`, 'no-store'],
  ]);

/** Which pages search engines are told to leave out; a header whose value is empty is not sent. */
export const robotsMap = (): string =>
  map('$request_uri', '$edge_robots', [
    ['default', ''],
    [`~^/(${linkPages.join('|')})/?([?]|$)`, 'noindex, nofollow'],
  ]);

/**
 * The built web app, as services/platform/http/static-files.ts serves it: what a browser navigates to and is no file is the
 * app's page, where its own routes live; a script or picture that is not there is not there.
 */
export function webLocations({ webRoot, api }: EdgeSettings): string {
  const settings = JSON.stringify(api ? { apiUrl: api.origin } : {});
  const assets = indented(["more_set_headers -s '200 206 304' 'Cache-Control: public, max-age=31536000, immutable';"]);
  // Two builds may give `index.html` the same length and, in images, the same time: what would tell them apart is not sent.
  const rest = indented([
    'etag off;',
    'if_modified_since off;',
    'more_clear_headers Last-Modified;',
    "more_set_headers -s '200 206' 'Cache-Control: $edge_page_cache';",
    "more_set_headers 'X-Robots-Tag: $edge_robots';",
    'try_files $uri $edge_page =404;',
  ]);
  const script = indented([
    'default_type "application/javascript; charset=utf-8";',
    "more_set_headers 'Cache-Control: no-store';",
    `return 200 'globalThis.lamplightSettings = ${settings};\\n';`,
  ]);
  return `root ${webRoot};

location = /settings.js {
${script}
}

location ^~ /assets/ {
${assets}
}

location / {
${rest}
}
`;
}
