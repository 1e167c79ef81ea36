import { routes } from '#contract/routes.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { openPicture, removePicture, setPicture } from '#domain/library/character-pictures.ts';
import { changeCharacter, createCharacter, deleteCharacter, listCharacters } from '#domain/library/characters.ts';
import type { LibraryTools } from '#domain/library/library-ports.ts';
import { changePrompt, createPrompt, deletePrompt, listPrompts } from '#domain/library/prompts.ts';
import { fillPrompt, settingsOf } from '#domain/library/resolve.ts';
import { changeScene, createScene, deleteScene, listScenes } from '#domain/library/scenes.ts';
import { changeStorySettings } from '#domain/library/story-settings.ts';
import type { RateLimits } from '#domain/limits/rate-limits.ts';
import type { HttpApp } from '#platform/http/create-app.ts';
import { rateHeaders } from '#platform/http/rate-headers.ts';
import { sendMedia } from '#platform/http/send-media.ts';

/** What stories are made of: characters, scenes, prompts, and how a person's stories are written. */
export function mountLibraryRoutes(
  app: HttpApp<Principal>,
  ports: LibraryTools,
  { uploads }: Pick<RateLimits, 'uploads'>,
): void {
  app.mount(routes.listCharacters, ({ principal, query }) => listCharacters(ports, principal, query));
  app.mount(routes.createCharacter, ({ principal, body }) => createCharacter(ports, principal, body));
  app.mount(routes.changeCharacter, ({ principal, params, body }) =>
    changeCharacter(ports, principal, params.id, body),
  );
  app.mount(routes.deleteCharacter, ({ principal, params }) => deleteCharacter(ports, principal, params.id));
  app.mount(routes.getCharacterPicture, async ({ params, query, req, res }) =>
    sendMedia(req, res, await openPicture(ports, params.id, query)),
  );
  app.mount(routes.setCharacterPicture, async ({ principal, params, file, res }) => {
    await uploads.take(principal.id, rateHeaders(res));
    return setPicture(ports, principal, params.id, file);
  });
  app.mount(routes.removeCharacterPicture, ({ principal, params }) => removePicture(ports, principal, params.id));

  app.mount(routes.listScenes, ({ principal, query }) => listScenes(ports, principal, query));
  app.mount(routes.createScene, ({ principal, body }) => createScene(ports, principal, body));
  app.mount(routes.changeScene, ({ principal, params, body }) => changeScene(ports, principal, params.id, body));
  app.mount(routes.deleteScene, ({ principal, params }) => deleteScene(ports, principal, params.id));

  app.mount(routes.listPrompts, ({ principal, query }) => listPrompts(ports, principal, query));
  app.mount(routes.createPrompt, ({ principal, body }) => createPrompt(ports, principal, body));
  app.mount(routes.changePrompt, ({ principal, params, body }) => changePrompt(ports, principal, params.id, body));
  app.mount(routes.deletePrompt, ({ principal, params }) => deletePrompt(ports, principal, params.id));
  app.mount(routes.fillPrompt, async ({ principal, params, body }) => ({
    text: await fillPrompt(ports, principal.id, params.id, body.values),
  }));

  app.mount(routes.getStorySettings, ({ principal }) => settingsOf(ports, principal));
  app.mount(routes.changeStorySettings, ({ principal, body }) => changeStorySettings(ports, principal, body));
}
