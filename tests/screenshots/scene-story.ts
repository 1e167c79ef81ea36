import type { Storyteller } from '#tests/model-server/stories.ts';

const first = {
  title: 'The lamp that counted stars',
  parts: [
    'On the highest shelf of the harbour house lived a small lamp with a paper shade. All day it slept. When it grew dark, it woke, and the first thing that it did was to look out of the window and count.\n\n“One,” said the lamp. “Two. Three.” It never came far, for stars are many and a lamp is small.',
    '{reader} lay in bed and heard it. “Why do you count?” asked {reader}.\n\n“So that none is missing,” said the lamp. “Somebody has to look after them. The owl does the left side, the hedgehog does the right side, and I do those in between.”',
    'That night a cloud came in from the sea, slow and grey, and lay down over the harbour. The lamp stopped. “I have lost my place,” it said, and its light grew very small.\n\n“Then we begin again,” said {reader}, “with those that are near.” And they counted what could be seen: one spoon, two slippers, three boats that rocked in the dark.',
    'When they came to the tenth, which was a sleepy yawn, the cloud had gone. There they were, every one of them.\n\n“All there,” whispered the lamp. But {reader} did not answer any more, and so the lamp put out its light, softly, softly, as one draws a curtain.',
  ],
  summary: 'A small lamp counts stars, loses its place in a cloud, and begins again with what is near.',
  moral: 'Where the far things are hidden, begin with those that are near.',
  pictureAlt: 'A small lamp at a window over a harbour, stars above the boats.',
  picturePrompt: 'A small lamp at a window over a harbour in the evening, boats, stars and moon, warm light.',
};
const second = {
  title: 'Otto and the borrowed moon',
  parts: [
    'Otto the fox had a wish: just once, he wanted to read under the moon itself, not under a lamp.\n\nSo he wrote a letter, in his best hand, and left it on the hill.',
    'In the morning there was an answer in silver ink: “You may have me until the milk is warm. Please bring me back without a scratch.”\n\nOtto carried the moon home in both arms. It weighed less than a loaf, and hummed.',
    'He read one page, and a second, and the moon read along. Then the milk was warm, and Otto carried it up the hill again, where {reader} was waiting to wave good night.',
  ],
  summary: 'Otto the fox borrows the moon to read by, and brings it back.',
  moral: 'What is borrowed shines twice: once here, and once where it goes back.',
  pictureAlt: 'A fox who carries the moon up a hill.',
  picturePrompt: 'A fox carries the moon up a hill at night, forest, stars.',
};
const third = {
  title: 'The snail who was on time',
  parts: [
    'Everybody in the garden knew that Selma the snail was late. She was late for breakfast, and late for the rain.\n\nOnly for one thing was she never late.',
    'When {reader} went to bed, Selma was already at the window: she had set out in the afternoon.\n\n“Good night,” she said, and it was the first good night of all.',
  ],
  summary: 'Selma the snail sets out in the afternoon to be the first to say good night.',
  moral: 'Whoever sets out early may go slowly.',
  pictureAlt: 'A snail on a window sill in the evening.',
  picturePrompt: 'A snail on a window sill, garden, evening, warm light.',
};

/** By a word of the idea; the one of the lamp where none is there. */
const byWord = [
  ['moon', second],
  ['snail', third],
] as const;

/** Tells the stories of the scenes, by what they are to be about. */
export const tellSceneStory: Storyteller = ({ idea, reader }) => {
  const [, told] = byWord.find(([word]) => idea.toLowerCase().includes(word)) ?? ['', first];
  const parts = told.parts.map((part) => part.replaceAll('{reader}', reader.name ?? 'the child'));
  return JSON.stringify({ ...told, parts });
};
