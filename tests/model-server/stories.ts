import { z } from 'zod';
import type { ChatBody } from './reply.ts';

const orderForm = z.looseObject({
  idea: z.string().default(''),
  reader: z.looseObject({ name: z.string().optional() }).default({}),
  characters: z.array(z.looseObject({ name: z.string() })).default([]),
  /** Present where an earlier telling was refused. */
  note: z.string().optional(),
});

/** What a story is asked for with, as far as a teller looks at it. */
export interface OrderedStory extends z.output<typeof orderForm> {
  /** The call is to put a faulty reply right. */
  readonly isRepair: boolean;
}

/** Gives the reply to a call for a story; `call` counts those of the same idea, from 1. */
export type Storyteller = (order: OrderedStory, call: number) => string;

/** What a call asks to be told; undefined where it asks for no story. */
export function orderedStory({ messages }: ChatBody): OrderedStory | undefined {
  const [system, ...others] = messages;
  if (typeof system?.content !== 'string' || !system.content.startsWith('You write bedtime stories')) return undefined;
  const asked = others.filter(({ role }) => role === 'user');
  return { ...orderForm.parse(JSON.parse(String(asked[0]?.content))), isRepair: asked.length > 1 };
}

/** A short story in the form that is asked for, with who is to be in it. */
export const tellShortStory: Storyteller = ({ reader, characters }, call) => {
  const who = characters.map(({ name }) => name).join(' and ') || 'a small lamp';
  const name = reader.name ?? 'somebody';
  return JSON.stringify({
    title: `The evening of ${who}`,
    parts: [
      `When it grew dark, ${who} sat at the window, and ${name} sat beside.\n\nOutside it smelt of rain. 🌙`,
      `“One more star,” said ${name}, and they counted: one, two, three.`,
      `Then everything was quiet, and ${name} slept. (${call})`,
    ],
    summary: `${who} and ${name} count stars.`,
    moral: 'There is time for one more star.',
    pictureAlt: `${who} at a window in the evening.`,
    picturePrompt: `${who} at a window, evening, warm light, forest and moon.`,
  });
};
