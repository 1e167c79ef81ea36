/** Namespaces that chat and the ways in do not speak: their texts are read when the first of their places is opened. */
export const laterNamespaces = ['administration', 'library', 'prompts', 'schedules', 'stories'] as const;
