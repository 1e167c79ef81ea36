import type { Story, StoryRequest } from '#contract/stories.ts';
import { storySettings } from '#contract/story-parts.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { chooseModel } from '#domain/chat/default-model.ts';
import { fillPrompt, resolveCharacters, resolveScenes, settingsOf } from '#domain/library/resolve.ts';
import type { Hear } from '#domain/limits/rate-limit.ts';
import { beginOnce } from './begin-once.ts';
import { lastMessages } from './last-messages.ts';
import type { StoryPorts } from './story-ports.ts';
import type { StoryOrder } from './story-records.ts';

/**
 * Has a story written for a person. A repeat of `clientStoryId` gets the same one, whatever its limits and whatever became of what it was
 * made from. Throws `not_found`, `unknown_model`, `message_id_reused`, and as `beginStory` does.
 */
export async function createStory(
  ports: StoryPorts,
  principal: Principal,
  request: StoryRequest,
  hear?: Hear,
): Promise<Story> {
  const { clientStoryId, ...payload } = request;
  const choose = async () => ({
    order: await orderOf(ports, principal, request),
    model: chooseModel(ports.chat, request.model, undefined),
  });
  return beginOnce(ports, principal, { clientStoryId, payload, choose }, hear);
}

async function orderOf(ports: StoryPorts, principal: Principal, request: StoryRequest): Promise<StoryOrder> {
  const { characterIds, sceneIds, idea = '', promptId, promptValues = {}, conversationId } = request;
  const [settings, characters, scenes, filled, conversation] = await Promise.all([
    settingsOf(ports, principal),
    resolveCharacters(ports, principal.id, characterIds),
    resolveScenes(ports, principal.id, sceneIds),
    promptId === undefined ? idea : fillPrompt(ports, principal.id, promptId, promptValues),
    conversationId === undefined ? [] : lastMessages(ports.chat, principal.id, conversationId),
  ]);
  return {
    settings: storySettings.parse({ ...settings, ...defined(request.settings) }),
    characters,
    scenes,
    idea: filled,
    conversation,
  };
}

const defined = (values: object = {}) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
