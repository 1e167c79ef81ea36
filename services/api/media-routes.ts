import { routes } from '#contract/routes.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { type MediaPorts, openMedia } from '#domain/stories/media.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { sendMedia } from '#platform/http/send-media.ts';

/** Pictures and voices of stories, by addresses that are signed. */
export function mountMediaRoutes(app: HttpApp<Principal>, ports: MediaPorts): void {
  app.mount(routes.getMedia, async ({ params, query, req, res }) => {
    const media = await openMedia(ports, { blobId: params.id, ...query });
    await sendMedia(req, res, { ...media, tag: media.sha256 });
  });
}
