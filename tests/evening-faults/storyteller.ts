import type { Asked } from '#tests/model-server/model-server.ts';
import type { Storyteller } from '#tests/model-server/stories.ts';

const firstLine = 'The lantern of';
const lastLine = 'the lantern is out';

/** Tells each child a story of which each line shows where in it it stands. */
export const tellLanterns: Storyteller = ({ reader: { name = 'somebody' } }, call) =>
  JSON.stringify({
    title: `${firstLine} ${name}`,
    parts: [
      `When it grew dark, ${name} lit a small lantern. It smelt of wax and of rain.`,
      `“Who walks there?” asked the owl. “Only I,” said ${name}. One, two, three steps.`,
      `The fox came along, and the hedgehog. They counted the stars for the ${call}. time. Good night, ${name}: ${lastLine}.`,
    ],
    summary: `${name} carries a lantern through the wood, with an owl, a fox and a hedgehog.`,
    moral: 'A small light is enough.',
    pictureAlt: `${name} with a lantern among trees.`,
    picturePrompt: `${name} with a lantern among dark trees, an owl, a fox and a hedgehog, warm light.`,
  });

/** Which line of such a story is read aloud. */
export function lineAsked({ body }: Asked): 'first' | 'middle' | 'last' {
  const text = String(body['input']);
  if (text.includes(lastLine)) return 'last';
  return text.includes(firstLine) ? 'first' : 'middle';
}
