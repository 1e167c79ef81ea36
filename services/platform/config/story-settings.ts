import type { Setting } from './setting.ts';

/** How stories are kept, read aloud, illustrated and judged. */
export const storySettings = [
  {
    name: 'STORY_TTL_HOURS',
    group: 'Stories',
    default: '48',
    description: 'How long a story is kept with its picture and voice, unless it is a favourite.',
  },
  {
    name: 'STORY_FAVOURITES',
    group: 'Stories',
    default: '50',
    description: 'Favourites that one person may keep.',
  },
  {
    name: 'STORY_CONCURRENCY',
    group: 'Stories',
    default: '10',
    description: 'Stories that one worker writes at a time; as many voices, pictures and mails, each.',
  },
  {
    name: 'LIBRARY_DIR',
    group: 'Stories',
    description:
      'The folder with the characters, scenes and prompts that everybody has; the first start and `npm run seed` take it in. Unset: those that come with Lamplight.',
    example: './library',
  },
  {
    name: 'MODERATION',
    group: 'Stories',
    default: 'auto',
    description:
      'What judges whether a story is fit for children: the provider (`provider`), a second call of a model (`model`), or the first that there is (`auto`). Nothing does with the demo model.',
  },
  {
    name: 'MODERATION_MODEL',
    group: 'Stories',
    default: 'omni-moderation-latest',
    description: "The provider's model for it.",
  },
  {
    name: 'SPEECH',
    group: 'Stories',
    default: 'auto',
    description:
      'What reads stories aloud: the provider (`provider`), `espeak`, nothing (`none`), or the first that there is (`auto`).',
  },
  {
    name: 'SPEECH_MODEL',
    group: 'Stories',
    description: "The provider's model that reads aloud. Unset: the provider is not asked to.",
    example: 'kokoro',
  },
  { name: 'SPEECH_VOICE', group: 'Stories', default: 'alloy', description: "The provider's voice." },
  {
    name: 'IMAGE_MODEL',
    group: 'Stories',
    description: "The provider's model that paints pictures. Unset: they are drawn here.",
    example: 'gpt-image-1-mini',
  },
] as const satisfies readonly Setting[];
