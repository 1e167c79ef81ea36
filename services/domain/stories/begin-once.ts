import { createHash } from 'node:crypto';
import type { Story } from '#contract/stories.ts';
import type { Principal } from '#domain/accounts/principal.ts';
import type { Hear } from '#domain/limits/rate-limit.ts';
import type { RunRecord } from '#domain/runs/run-records.ts';
import { isAppError } from '#platform/errors.ts';
import { beginStory, findBegun, type StoryToBegin } from './begin-story.ts';
import { showStory } from './find-story.ts';
import type { StoryPorts } from './story-ports.ts';

/** How often, and how far apart, a request that is over the limit looks for its twin. */
const twinLooks = 5;
const twinLookMs = 100;

export interface StoryAsked {
  /** The client's own ID of its request. */
  readonly clientStoryId?: string | undefined;
  /** What the request asks for: another one needs another ID. */
  readonly payload: object;
  /** What the story is made from; asked only where none was begun under the ID. */
  readonly choose: () => Promise<Pick<StoryToBegin, 'order' | 'model'>>;
}

/**
 * Begins the story of a request and shows it. A repeat of `clientStoryId` gets the same one, whatever its limits and whatever became of
 * what it was made from. Throws `message_id_reused`, and as `choose` and `beginStory` do.
 */
export async function beginOnce(
  ports: StoryPorts,
  principal: Principal,
  { clientStoryId, payload, choose }: StoryAsked,
  hear?: Hear,
): Promise<Story> {
  const asked = {
    person: principal,
    clientMessageId: clientStoryId === undefined ? ports.chat.newId() : `story-${hashOf(clientStoryId)}`,
    payloadHash: hashOf(JSON.stringify(sorted(payload))),
  };
  const earlier = clientStoryId === undefined ? undefined : await findBegun(ports, asked);
  if (earlier) return showStory(ports, principal.id, earlier.conversationId);
  const ids = { storyId: ports.chat.newId(), runId: ports.chat.newId() };
  const begin = { ...asked, ids, ...(await choose()) };
  const { run } = await beginStory(ports, begin, hear).catch(async (error: unknown) => {
    const twin = clientStoryId !== undefined && isAppError(error, 'rate_limited') && (await findTwin(ports, asked));
    if (twin) return { run: twin };
    throw error;
  });
  return showStory(ports, principal.id, run.conversationId);
}

/** The story of the same request that was sent at the same time, and took the last one of the day: it is stored a moment later. */
export async function findTwin(
  ports: StoryPorts,
  asked: Parameters<typeof findBegun>[1],
): Promise<RunRecord | undefined> {
  for (let look = 0; look < twinLooks; look += 1) {
    const twin = await findBegun(ports, asked);
    if (twin) return twin;
    await new Promise<void>((resolve) => ports.chat.clock.after(twinLookMs, resolve));
  }
  return undefined;
}

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
