/** Under what the page keeps what it has loaded of the administration. */
export const adminKeys = {
  figures: ['administration', 'figures'],
  people: ['administration', 'people'],
  person: (id: string) => ['administration', 'person', id],
  usage: (id: string) => ['administration', 'usage', id],
  invitations: ['administration', 'invitations'],
  deadLetters: ['administration', 'dead-letters'],
  audit: ['administration', 'audit'],
  settings: ['administration', 'settings'],
  stories: ['administration', 'stories'],
  story: (id: string) => ['administration', 'story', id],
} as const;
