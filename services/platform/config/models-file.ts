import { createRequire } from 'node:module';
import type { Document, LineCounter } from 'yaml';
import { z } from 'zod';
import type { ModelConfig, ModelsConfig, ProviderConfig } from './config.ts';
import { apiKeyProblem, quote, webAddressProblem } from './setting-reader.ts';

/** What servers that ask for no key are sent; the client does not go without one. */
export const noKey = 'none';

const text = (what: string) =>
  z
    .string(`${what} (put it in quotes where it looks like a number)`)
    .trim()
    .min(1, what)
    .max(200, 'at most 200 characters');
const tokens = z.int('a whole number of tokens').positive('a whole number of tokens, above 0');
const price = z.number('a price per million tokens').nonnegative('a price per million tokens, 0 or more');

const webAddress = text('an address with http:// or https://').check((context) => {
  const problem = webAddressProblem(context.value);
  if (problem)
    context.issues.push({ code: 'custom', message: `the address ${problem.replace(/\.$/, '')}`, input: undefined });
});

const model = z.strictObject({
  id: text('the id that people choose the model by'),
  providerModel: text("the provider's name for the model").optional(),
  name: text('the name that people see').optional(),
  contextTokens: tokens,
  maxOutputTokens: tokens.optional(),
  vision: z.boolean('true or false').optional(),
  price: z.strictObject(
    { inputPerMillion: price, outputPerMillion: price },
    'both inputPerMillion and outputPerMillion, 0 for a model that costs nothing',
  ),
  fallback: text('the id of another model').optional(),
});

const provider = z.strictObject({
  name: text('a name for the provider'),
  baseUrl: webAddress,
  apiKey: text('the API key').optional(),
  apiKeyEnv: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,60}$/, 'the name of an environment variable such as OPENAI_API_KEY, not the key itself')
    .optional(),
  models: z.array(model, 'a list of models').min(1, 'at least one model'),
});

const modelsFile = z.strictObject(
  {
    providers: z.array(provider, 'a list of providers').min(1, 'at least one provider'),
    default: text('the id of a model').optional(),
  },
  '`providers:` with a list below it',
);

type ModelsFile = z.infer<typeof modelsFile>;
type Path = readonly PropertyKey[];
type AddProblem = (path: Path, problem: string) => void;

export interface ParsedModels {
  /** Absent where there are problems. */
  readonly models?: Pick<ModelsConfig, 'providers' | 'default'>;
  /** `line 7, providers[0].models[1].id: what is wrong`. Never holds a value of the file but model ids. */
  readonly problems: readonly string[];
}

/** Reads a models file. `variable` gives the environment variables that its `apiKeyEnv` name. */
export function parseModelsFile(source: string, variable: (name: string) => string | undefined): ParsedModels {
  // Loaded only here: most installations have no models file, and the parser takes as long as a tenth of a start.
  const yaml: typeof import('yaml') = createRequire(import.meta.url)('yaml');
  const lines = new yaml.LineCounter();
  // Pretty errors would quote lines of the file, which may hold keys.
  const document = yaml.parseDocument(source, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(
      ({ code, pos }) => `line ${lines.linePos(pos[0]).line} is not YAML (${code}).`,
    );
    return { problems };
  }

  const problems: string[] = [];
  const addProblem: AddProblem = (path, problem) => {
    problems.push(`line ${lineOf(document, lines, path)}, ${formatPath(path)}: ${problem}`);
  };
  const parsed = modelsFile.safeParse(toValue(document));
  if (!parsed.success) {
    for (const { path, message, code } of parsed.error.issues) {
      addProblem(path, code === 'custom' || code === 'unrecognized_keys' ? `${message}.` : `write ${message}.`);
    }
    return { problems };
  }
  checkReferences(parsed.data, addProblem);
  const providers = parsed.data.providers.map((each, index) => toProvider(each, index, variable, addProblem));
  const first = parsed.data.providers[0]?.models[0]?.id ?? '';
  return problems.length > 0
    ? { problems }
    : { problems, models: { providers, default: parsed.data.default ?? first } };
}

/** A document that is not to be had as a value (an alias bomb) is treated as one of the wrong shape. */
function toValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

function checkReferences({ providers, default: chosen }: ModelsFile, addProblem: AddProblem): void {
  const fallbacks = new Map<string, string | undefined>();
  const names = new Set<string>();
  for (const [p, { name, models }] of providers.entries()) {
    if (names.has(name)) addProblem(['providers', p, 'name'], 'another provider has this name.');
    names.add(name);
    for (const [m, { id, fallback }] of models.entries()) {
      if (fallbacks.has(id)) addProblem(['providers', p, 'models', m, 'id'], `another model has the id ${id}.`);
      fallbacks.set(id, fallback);
    }
  }
  const known = `Write one of ${[...fallbacks.keys()].join(', ')}.`;
  if (chosen !== undefined && !fallbacks.has(chosen))
    addProblem(['default'], `there is no model ${quote(chosen)}. ${known}`);
  for (const [p, { models }] of providers.entries()) {
    for (const [m, { id, fallback, contextTokens, maxOutputTokens = 0 }] of models.entries()) {
      const at = ['providers', p, 'models', m];
      if (maxOutputTokens >= contextTokens) addProblem([...at, 'maxOutputTokens'], 'must be less than contextTokens.');
      const path = [...at, 'fallback'];
      if (fallback === undefined) continue;
      if (!fallbacks.has(fallback)) addProblem(path, `there is no model ${quote(fallback)}. ${known}`);
      else if (leadsBack(id, fallbacks)) addProblem(path, `the fallbacks of ${id} lead back to it.`);
    }
  }
}

function leadsBack(id: string, fallbacks: ReadonlyMap<string, string | undefined>): boolean {
  const seen = new Set<string>();
  for (let next = fallbacks.get(id); next !== undefined && !seen.has(next); next = fallbacks.get(next)) {
    if (next === id) return true;
    seen.add(next);
  }
  return false;
}

function toProvider(
  { name, baseUrl, apiKey, apiKeyEnv, models }: ModelsFile['providers'][number],
  index: number,
  variable: (name: string) => string | undefined,
  addProblem: AddProblem,
): ProviderConfig {
  const path = ['providers', index, 'apiKeyEnv'];
  if (apiKeyEnv !== undefined && apiKey !== undefined) addProblem(path, 'apiKey is given as well. Write one of them.');
  const fromVariable = apiKeyEnv === undefined ? undefined : variable(apiKeyEnv)?.trim();
  if (apiKeyEnv !== undefined && !fromVariable) addProblem(path, `the environment has no ${apiKeyEnv}. Set it.`);
  const key = apiKey ?? fromVariable ?? noKey;
  const keyProblem = apiKeyProblem(key);
  if (keyProblem) addProblem(['providers', index, apiKey === undefined ? 'apiKeyEnv' : 'apiKey'], keyProblem);
  return { name, baseUrl: baseUrl.replace(/\/+$/, ''), apiKey: key, models: models.map(toModel) };
}

function toModel({ id, providerModel = id, name = id, vision = false, ...rest }: z.infer<typeof model>): ModelConfig {
  const { contextTokens, maxOutputTokens, price, fallback } = rest;
  return {
    id,
    providerModel,
    name,
    contextTokens,
    vision,
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    price,
    ...(fallback !== undefined && { fallback }),
  };
}

/** The line of what `path` names, or of the nearest thing around it. */
function lineOf(document: Document.Parsed, lines: LineCounter, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return lines.linePos(range[0]).line;
  }
  return 1;
}

const formatPath = (path: Path): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`)).join('') ||
  'the file';
