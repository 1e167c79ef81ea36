import { createHash } from 'node:crypto';
import type { Story, StoryRequest } from '#contract/stories.ts';
import { storySettings } from '#contract/story-parts.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import { chooseModel } from '#domain/chat/default-model.ts';
import { fillPrompt, resolveCharacters, resolveScenes, settingsOf } from '#domain/library/resolve.ts';
import type { Hear } from '#domain/limits/rate-limit.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { isAppError } from '#platform/errors.ts';
import { beginStory, findBegun } from './begin-story.ts';
import { showStory } from './find-story.ts';
import { lastMessages } from './last-messages.ts';
import type { StoryPorts } from './story-ports.ts';
import type { StoryOrder } from './story-records.ts';

/** How often, and how far apart, a request that is over the limit looks for its twin. */
const twinLooks = 5;
const twinLookMs = 100;

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
  const asked = {
    person: principal,
    clientMessageId: clientStoryId === undefined ? ports.chat.newId() : `story-${hashOf(clientStoryId)}`,
    payloadHash: hashOf(JSON.stringify(sorted(payload))),
  };
  const earlier = clientStoryId === undefined ? undefined : await findBegun(ports, asked);
  if (earlier) return showStory(ports, principal.id, earlier.conversationId);
  const begin = {
    ...asked,
    ids: { storyId: ports.chat.newId(), runId: ports.chat.newId() },
    order: await orderOf(ports, principal, request),
    model: chooseModel(ports.chat, request.model, undefined),
  };
  const { run } = await beginStory(ports, begin, hear).catch(async (error: unknown) => {
    const twin = clientStoryId !== undefined && isAppError(error, 'rate_limited') && (await findTwin(ports, asked));
    if (twin) return { run: twin };
    throw error;
  });
  return showStory(ports, principal.id, run.conversationId);
}

/** The story of the same request that was sent at the same time, and took the last one of the day: it is stored a moment later. */
async function findTwin(ports: StoryPorts, asked: Parameters<typeof findBegun>[1]): Promise<RunRecord | undefined> {
  for (let look = 0; look < twinLooks; look += 1) {
    const twin = await findBegun(ports, asked);
    if (twin) return twin;
    await new Promise<void>((resolve) => ports.chat.clock.after(twinLookMs, resolve));
  }
  return undefined;
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

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** The order in which a client names fields says nothing. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    entries.map(([name, one]) => [name, sorted(one)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
};
