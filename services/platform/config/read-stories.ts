import { join } from 'node:path';
import type { Config, ModelsConfig } from './config.ts';
import type { AddProblem, SettingReader } from './setting-reader.ts';

type StoryConfigs = Pick<Config, 'stories' | 'speech' | 'images' | 'moderation'>;

const hour = 3_600_000;
/** Comes with the product, wherever the process was started from. */
const ownLibrary = join(import.meta.dirname, '../../../library');

/** How stories are kept, read aloud, illustrated and judged: by the first of the models' providers, where one is asked. */
export function readStories(read: SettingReader, addProblem: AddProblem, { providers }: ModelsConfig): StoryConfigs {
  const [first] = providers;
  const provider = first && { provider: { baseUrl: first.baseUrl, apiKey: first.apiKey } };
  const speech = read.oneOf('SPEECH', ['auto', 'provider', 'espeak', 'none']);
  const speechModel = named(read, addProblem, 'SPEECH_MODEL', provider !== undefined);
  const imageModel = named(read, addProblem, 'IMAGE_MODEL', provider !== undefined);
  if (speech === 'provider' && speechModel === undefined)
    addProblem(
      'SPEECH_MODEL',
      "is missing, while SPEECH is provider. Write the provider's name of a model that speaks.",
    );
  return {
    stories: {
      ttlMs: read.integer('STORY_TTL_HOURS', { min: 1, max: 24 * 365 }) * hour,
      favourites: read.integer('STORY_FAVOURITES', { min: 0, max: 1_000 }),
      concurrency: read.integer('STORY_CONCURRENCY', { min: 1, max: 1_000 }),
      libraryDir: read.text('LIBRARY_DIR') ?? ownLibrary,
    },
    speech: {
      kind: speech,
      voice: read.text('SPEECH_VOICE')?.trim() ?? '',
      ...(speechModel !== undefined && { model: speechModel }),
      ...provider,
    },
    images: { ...(imageModel !== undefined && { model: imageModel }), ...provider },
    moderation: {
      kind: read.oneOf('MODERATION', ['auto', 'provider', 'model']),
      model: read.text('MODERATION_MODEL')?.trim() ?? '',
      ...provider,
    },
  };
}

/** A model of the provider's, which takes a provider. */
function named(
  read: SettingReader,
  addProblem: AddProblem,
  name: 'SPEECH_MODEL' | 'IMAGE_MODEL',
  hasProvider: boolean,
): string | undefined {
  const model = read.text(name)?.trim();
  if (model !== undefined && !hasProvider)
    addProblem(name, 'is set, but no provider is. Set OPENAI_API_KEY, OPENAI_BASE_URL or MODELS_FILE.');
  return model;
}
