import type { ChatPorts } from './chat-ports.ts';

/** The model that answers where none is chosen: what administrators set, as long as there is such a model. */
export function defaultModel({ models, runtime }: Pick<ChatPorts, 'models' | 'runtime'>): string {
  const chosen = runtime.current().defaultModel;
  return models.get(chosen) ? chosen : models.default;
}
