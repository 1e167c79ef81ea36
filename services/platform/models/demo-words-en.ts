import type { DemoWords } from './demo-words.ts';

export const english: DemoWords = {
  and: 'and',
  somebody: ['a small brass lamp', 'a hedgehog with a lantern', 'an old ferry bell', 'a very slow snail'],
  somewhere: ['the hill behind the houses', 'the quiet harbour', 'the garden with the crooked gate'],
  child: 'a child',
  interlude:
    'On the way they sat down for a while. {reader} laid an ear to the ground, and the ground hummed, low and content, as it does when all the roots are asleep. {who} hummed along. “One more breath,” they said, “and then one more.”\n\nSomewhere a window was closed, softly. Somewhere a light went out. It was good to know that everybody was at home.',
  about: 'It all had to do with this: {idea}.',
  tales: [
    {
      title: '{who} and the missing star',
      parts: [
        'When the sky over {place} turned blue, {who} counted the stars, as on every evening. One, two, three, four, and there it ended. “There were five yesterday,” said {who}.\n\n{reader} sat close by and looked up as well. It smelt of wet grass and a little of toast. {about}',
        'So they went to look, softly, on the sides of their feet. They looked under the bench: a leaf. They looked behind the barrel: a sleepy beetle, who said, “Not here, not here.” They looked into the well, and the well looked back.\n\n“One, two, three, four,” whispered {reader}. “And who is five?”',
        'Then the wind took a breath, and the smallest cloud moved over by the breadth of a hand. Behind it, a bit embarrassed, shone the fifth star. “I only had my blanket over my ears,” it said.\n\n{who} laughed, very quietly, so that nobody woke.',
        'They went home the way they had come, past the well, past the barrel, past the bench. One, two, three, four, five, said the steps.\n\nAnd when {reader} lay down and closed both eyes, all five were still there. Good night.',
      ],
      summary: '{who} and {reader} look for a star that is missing, and find it under a cloud.',
      moral: 'What is gone is sometimes only warm under its blanket.',
      pictureAlt: '{who} looking up at five stars above {place}.',
      picturePrompt: '{who} looking up at five stars above {place}, calm evening, deep blue sky, warm lantern light',
    },
    {
      title: 'The evening {who} lost a yawn',
      parts: [
        'It was bedtime at {place}, and {who} could not find the yawn. It had been there a moment ago, big and round. {about}\n\n“Without a yawn I cannot begin to sleep,” said {who}. “I will help you look,” said {reader}.',
        'They asked the cat. The cat yawned, but that was the cat’s own. They asked the kettle. It said hoo, which was close, but not it. They asked the moon, and the moon opened its mouth, and nothing came but light.\n\n“Hoo,” said {reader}, to try it out. “Haa,” said {who}. “Hoo, haa.”',
        'And there, between the hoo and the haa, sat the yawn. It was small now and a little shy. It jumped to {reader}, and from {reader} to {who}, and from {who} to the lamp on the sill, which flickered.\n\nHoo. Haa. Soon all of {place} was yawning, slowly, like a boat on calm water. And then nobody said anything more. Good night.',
      ],
      summary: '{who} cannot sleep without the lost yawn; {reader} helps to find it.',
      moral: 'Rest comes more easily to two.',
      pictureAlt: '{who} yawning at {place} in the light of the moon.',
      picturePrompt: '{who} yawning at {place}, full moon, soft warm light from a window, evening',
    },
  ],
};
