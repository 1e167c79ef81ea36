import { routes } from '#contract/routes.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { createStory } from '#domain/stories/create-story.ts';
import { deleteStory } from '#domain/stories/delete-story.ts';
import { listStories, showStory } from '#domain/stories/find-story.ts';
import { changeFavourite } from '#domain/stories/keep-story.ts';
import { openStory, shareStory, unshareStory } from '#domain/stories/share-story.ts';
import type { StoryPorts } from '#domain/stories/story-ports.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { rateHeaders } from '#platform/http/rate-headers.ts';

/** Stories, and the links that open them. */
export function mountStoryRoutes(app: HttpApp<Principal>, stories: StoryPorts): void {
  app.mount(routes.createStory, ({ principal, body, res }) => createStory(stories, principal, body, rateHeaders(res)));
  app.mount(routes.listStories, async ({ principal, query }) => {
    const { items, ...rest } = await listStories(stories, principal.id, query);
    return { items: [...items], ...rest };
  });
  app.mount(routes.getStory, ({ principal, params }) => showStory(stories, principal.id, params.id));
  app.mount(routes.changeStory, ({ principal, params, body }) =>
    changeFavourite(stories, principal.id, params.id, body.favourite),
  );
  app.mount(routes.deleteStory, ({ principal, params }) => deleteStory(stories, principal.id, params.id));
  app.mount(routes.shareStory, ({ principal, params }) => shareStory(stories, principal.id, params.id));
  app.mount(routes.unshareStory, ({ principal, params }) => unshareStory(stories, principal.id, params.id));
  app.mount(routes.openStory, ({ body, res }) => {
    res.setHeader('X-Robots-Tag', 'noindex');
    return openStory(stories, body.token);
  });
}
