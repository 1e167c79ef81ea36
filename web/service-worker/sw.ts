import { cleanupOutdatedCaches, matchPrecache, type PrecacheEntry, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { newestOrKept, pageOrShell, reserved } from './replies.ts';

// Keeps the files of the page itself, so that it opens where there is no network. Answers, media and everything else of the
// API never come through here: what is not named below goes to the network as if this were not there.

declare const self: ServiceWorkerGlobalScope;
/** The files of this build; the build writes the list in its place. */
declare const shellFiles: PrecacheEntry[];

// Before the route of kept files, which would answer `/index.html` with an old one.
const page = new NavigationRoute(({ request }) => pageOrShell(request, fetch, () => matchPrecache('/index.html')), {
  denylist: [reserved],
});
registerRoute(page);
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname === '/settings.js',
  async ({ request }) => newestOrKept(request, fetch, await caches.open('lamplight-settings')),
);
precacheAndRoute(shellFiles, { directoryIndex: '', cleanURLs: false });
cleanupOutdatedCaches();

// A new version waits until the person asks for it, or until no page of the old one is open.
self.addEventListener('message', ({ data }) => {
  if (data === 'activate') void self.skipWaiting();
});
