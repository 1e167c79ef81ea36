import { readFileSync } from 'node:fs';
import type { ModelsConfig, ProviderConfig } from './config.ts';
import { noKey, parseModelsFile } from './models-file.ts';
import { type AddProblem, apiKeyProblem, quote, type SettingReader } from './setting-reader.ts';

const openaiUrl = 'https://api.openai.com/v1';
/** The id of the model that answers where no provider is configured. */
const demoModel = 'demo';

/** The models, from MODELS_FILE or else from the settings that begin with OPENAI_. */
export function readModels(read: SettingReader, addProblem: AddProblem): ModelsConfig {
  const seconds = { min: 1, max: 3600 };
  return {
    ...readProviders(read, addProblem),
    timeouts: {
      firstTokenMs: read.integer('MODEL_FIRST_TOKEN_TIMEOUT_SECONDS', seconds) * 1000,
      betweenTokensMs: read.integer('MODEL_BETWEEN_TOKENS_TIMEOUT_SECONDS', seconds) * 1000,
    },
    attempts: read.integer('MODEL_ATTEMPTS', { min: 1, max: 10 }),
  };
}

const openaiAlone = [
  'OPENAI_BASE_URL',
  'OPENAI_MODEL',
  'OPENAI_CONTEXT_TOKENS',
  'OPENAI_INPUT_PRICE',
  'OPENAI_OUTPUT_PRICE',
] as const;

type Providers = Pick<ModelsConfig, 'providers' | 'default'>;
const demoAlone: Providers = { providers: [], default: demoModel };

function readProviders(read: SettingReader, addProblem: AddProblem): Providers {
  const path = read.text('MODELS_FILE');
  if (path !== undefined) return readFile(path, read, addProblem);

  const apiKey = read.text('OPENAI_API_KEY')?.trim();
  const baseUrl = read.webAddress('OPENAI_BASE_URL');
  const contextTokens = read.integer('OPENAI_CONTEXT_TOKENS', { min: 1000, max: 100_000_000 });
  if (apiKey === undefined && baseUrl === undefined) {
    if (read.isSet('OPENAI_MODEL'))
      addProblem(
        'OPENAI_MODEL',
        'is set, but no provider is. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a local server.',
      );
    return demoAlone;
  }
  const keyProblem = apiKey === undefined ? undefined : apiKeyProblem(apiKey);
  if (keyProblem) addProblem('OPENAI_API_KEY', keyProblem);
  const id = read.text('OPENAI_MODEL')?.trim() ?? '';
  const price = {
    inputPerMillion: readPrice('OPENAI_INPUT_PRICE', read, addProblem),
    outputPerMillion: readPrice('OPENAI_OUTPUT_PRICE', read, addProblem),
  };
  const models = [{ id, providerModel: id, name: id, contextTokens, vision: false, price }];
  const provider: ProviderConfig = { name: 'openai', baseUrl: baseUrl ?? openaiUrl, apiKey: apiKey ?? noKey, models };
  return { providers: [provider], default: id };
}

/** Budgets in money and the figures of usage rest on it: a price that is missing must not pass for nothing. */
function readPrice(
  name: 'OPENAI_INPUT_PRICE' | 'OPENAI_OUTPUT_PRICE',
  read: SettingReader,
  addProblem: AddProblem,
): number {
  const text = read.text(name)?.trim();
  const value = text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const wrong = text === undefined ? 'is missing' : `${quote(text)} is not a price`;
  addProblem(
    name,
    `${wrong}. Write what a million tokens cost by your provider's list, such as 0.40; 0 for a model that costs nothing.`,
  );
  return 0;
}

function readFile(path: string, read: SettingReader, addProblem: AddProblem): Providers {
  for (const name of openaiAlone) {
    if (read.isSet(name))
      addProblem(name, 'is set, and so is MODELS_FILE. Write it in the file, or unset MODELS_FILE.');
  }
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown error';
    addProblem('MODELS_FILE', `${quote(path)} cannot be read (${code}). Write the path of a YAML file.`);
    return demoAlone;
  }
  const { models, problems } = parseModelsFile(text, read.variable);
  for (const problem of problems) addProblem('MODELS_FILE', problem);
  return models ?? demoAlone;
}
