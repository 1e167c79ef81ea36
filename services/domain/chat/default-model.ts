import { AppError } from '#platform/errors.ts';
import type { ChatPorts } from './chat-ports.ts';

/** The model that answers where none is chosen: what administrators set, as long as there is such a model. */
export function defaultModel({ models, runtime }: Pick<ChatPorts, 'models' | 'runtime'>): string {
  const chosen = runtime.current().defaultModel;
  return models.get(chosen) ? chosen : models.default;
}

/** The model that is asked for, else the one of before, as long as there is such a one, else the default. Throws `unknown_model`. */
export function chooseModel(
  chat: Pick<ChatPorts, 'models' | 'runtime'>,
  asked: string | undefined,
  last: string | undefined,
): string {
  const { models } = chat;
  if (asked !== undefined && !models.get(asked)) {
    throw new AppError('unknown_model', `There is no model "${asked.slice(0, 80)}". GET /api/models lists them.`);
  }
  return asked ?? (last !== undefined && models.get(last) ? last : defaultModel(chat));
}
