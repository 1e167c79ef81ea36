import type { z } from 'zod';
import type { newPrompt, Prompt, promptChange, promptPage } from '#contract/story-parts.ts';
import { notFound } from '#platform/errors.ts';
import { keepItem } from './keep-item.ts';
import type { LibraryTools, Person } from './library-ports.ts';
import { type ListQuery, listItems } from './list-items.ts';
import { presentPrompt } from './present-library.ts';
import { checkVariables } from './prompt-variables.ts';

export async function listPrompts(
  { library }: LibraryTools,
  { id }: Person,
  query: ListQuery,
): Promise<z.output<typeof promptPage>> {
  const { items, ...rest } = await listItems(library.prompts, id, query);
  return { items: items.map(presentPrompt), ...rest };
}

/** Throws `too_many_items`, and `invalid_request` where it has too many variables. */
export async function createPrompt(
  { library, chat }: LibraryTools,
  { id: ownerId }: Person,
  text: z.output<typeof newPrompt>,
): Promise<Prompt> {
  checkVariables(text.text);
  const prompt = { _id: chat.newId(), ownerId, createdAt: chat.clock.now(), ...text };
  return presentPrompt(await keepItem(library.prompts, prompt, 'prompts'));
}

/** Changes one's own. Throws `not_found`, also for the library's, and `invalid_request` where it has too many variables. */
export async function changePrompt(
  { library }: LibraryTools,
  { id: ownerId }: Person,
  id: string,
  change: z.output<typeof promptChange>,
): Promise<Prompt> {
  if (change.text !== undefined) checkVariables(change.text);
  const changed = await library.prompts.update(id, { set: change }, { ownerId });
  if (!changed) throw notFound('prompt');
  return presentPrompt(changed);
}

/** Throws `not_found`, also for the library's. */
export async function deletePrompt({ library }: LibraryTools, { id: ownerId }: Person, id: string): Promise<void> {
  if (!(await library.prompts.delete(id, { ownerId }))) throw notFound('prompt');
}
