import type { OpenAI } from 'openai';

/** Where an OpenAI-compatible server is, and what opens it. */
export interface ProviderAddress {
  readonly baseUrl: string;
  /** Empty where it needs none. */
  readonly apiKey: string;
}

/** Loads the openai client, which takes a tenth of a second, and gives it no settings but ours: no retries, no time-outs, no environment. */
export async function loadOpenAi(
  { baseUrl, apiKey }: ProviderAddress,
  fetch: typeof globalThis.fetch,
): Promise<OpenAI> {
  const { OpenAI } = await import('openai');
  return new OpenAI({
    baseURL: baseUrl,
    // Servers that need no key get one all the same: the client refuses to go without.
    apiKey: apiKey || 'none',
    // All of these would otherwise be read from the environment.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    // Time-outs are ours; this is the longest that a timer can take.
    timeout: 2 ** 31 - 1,
    fetch,
  });
}
