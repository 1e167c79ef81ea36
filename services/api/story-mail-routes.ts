import { routes } from '#contract/routes.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { unsubscribe, unsubscribeUrls } from '#domain/stories/mails/unsubscribe.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import type { HttpApp } from '#platform/http/create-app.ts';

/** Ending the mails that bring stories, signed in or not. */
export function mountStoryMailRoutes(
  app: HttpApp<Principal>,
  stories: Pick<StoryPorts, 'accounts'> & { readonly settings: Pick<StoryPorts['settings'], 'publicUrl'> },
): void {
  app.mount(routes.unsubscribe, ({ query, address }) => unsubscribe(stories, query.token, address));
  app.mount(routes.unsubscribePage, ({ query, res }) =>
    res.redirect(routes.unsubscribePage.status, unsubscribeUrls(stories.settings.publicUrl, query.token).page),
  );
}
