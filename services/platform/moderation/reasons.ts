/** What a model that judges may name as unfit; the first words of each tell it what is meant. */
export const reasonWords = {
  violence: 'violence, fighting or weapons shown as exciting, injuries or deaths that are described, killing',
  cruelty: 'cruelty to people or animals, humiliation, bullying that the story approves of or leaves unanswered',
  'self-harm': 'self-harm, wishing to be dead, starving oneself',
  sexual: 'anything sexual or suggestive, nakedness that is dwelt on, an adult too close to a child',
  drugs: 'drugs, alcohol, smoking or medicine taken as something good or funny',
  hate: 'hate, contempt or mockery of people for what they are, or of where they come from',
  danger:
    'dangerous acts that a child could imitate: fire, heights, water, traffic, sockets, poisons, going with strangers, keeping secrets from parents',
  terror: 'terror, torment, hopelessness, or a fright that is not resolved',
  crime: 'instructions for crimes, or crime shown as worth imitating',
  personal: 'addresses, telephone numbers, or requests to reveal them',
  other: 'anything else that a careful parent would not read to this child at bedtime',
} as const;

export type Reason = keyof typeof reasonWords;

export const isReason = (word: string): word is Reason => Object.hasOwn(reasonWords, word);
