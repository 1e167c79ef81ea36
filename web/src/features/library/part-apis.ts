import type { z } from 'zod';
import type { Character, newCharacter, newPrompt, newScene, Prompt, Scene } from '#contract/story-parts.ts';
import type { Api } from '../../api/http.ts';

export interface PartPage<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string | undefined;
}

/** The routes of one kind of what stories are made of: mine, and the library's, which nobody changes. */
export interface PartApi<T extends { readonly id: string }, New> {
  /** Its queries stand below this key. */
  readonly key: string;
  readonly nameOf: (item: T) => string;
  readonly list: (cursor: string | undefined, signal: AbortSignal) => Promise<PartPage<T>>;
  readonly create: (body: New) => Promise<T>;
  readonly change: (id: string, body: New) => Promise<T>;
  readonly remove: (id: string) => Promise<undefined>;
}

export type NewCharacter = z.input<typeof newCharacter>;
export type NewScene = z.input<typeof newScene>;
export type NewPrompt = z.input<typeof newPrompt>;

export const characters = (api: Api): PartApi<Character, NewCharacter> => ({
  key: 'characters',
  nameOf: ({ name }) => name,
  list: (cursor, signal) => api('GET /api/characters', { query: { cursor }, signal }),
  create: (body) => api('POST /api/characters', { body }),
  change: (id, body) => api('PATCH /api/characters/:id', { params: { id }, body }),
  remove: (id) => api('DELETE /api/characters/:id', { params: { id } }),
});

export const scenes = (api: Api): PartApi<Scene, NewScene> => ({
  key: 'scenes',
  nameOf: ({ place }) => place,
  list: (cursor, signal) => api('GET /api/scenes', { query: { cursor }, signal }),
  create: (body) => api('POST /api/scenes', { body }),
  change: (id, body) => api('PATCH /api/scenes/:id', { params: { id }, body }),
  remove: (id) => api('DELETE /api/scenes/:id', { params: { id } }),
});

export const prompts = (api: Api): PartApi<Prompt, NewPrompt> => ({
  key: 'prompts',
  nameOf: ({ title }) => title,
  list: (cursor, signal) => api('GET /api/prompts', { query: { cursor }, signal }),
  create: (body) => api('POST /api/prompts', { body }),
  change: (id, body) => api('PATCH /api/prompts/:id', { params: { id }, body }),
  remove: (id) => api('DELETE /api/prompts/:id', { params: { id } }),
});
