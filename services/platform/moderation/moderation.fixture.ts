import { systemClock } from '#platform/clock.ts';
import { OpenAiModels } from '#platform/models/openai-models.ts';
import type { ModelServer } from '#tests/model-server/model-server.ts';
import type { ModerationRequest } from './moderation.ts';

export const apiKey = 'sk-very-secret-0123456789';

/** What adapters are given, and the lines that they log. */
export function tools() {
  const lines: { level: string; message: string; fields: unknown }[] = [];
  const log = (level: string) => (message: string, fields?: unknown) => void lines.push({ level, message, fields });
  const logger = { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') };
  return { lines, tools: { logger, clock: systemClock, random: () => 0 } };
}

/** A model of the server's; one try, so that what is asked once more is the judge's own doing. */
export function modelsOf(server: ModelServer) {
  const nothing = () => {};
  const model = {
    id: 'm',
    providerModel: 'm',
    name: 'M',
    contextTokens: 8_000,
    vision: false,
    price: { inputPerMillion: 0, outputPerMillion: 0 },
  };
  return new OpenAiModels(
    {
      providers: [{ name: 'Tests', baseUrl: server.url, apiKey, models: [model] }],
      default: 'm',
      timeouts: { firstTokenMs: 10_000, betweenTokensMs: 10_000 },
      attempts: 1,
    },
    { ...tools().tools, metrics: { firstToken: nothing, ended: nothing, retried: nothing, fellBack: nothing } },
  );
}

export const asking = (text: string, more: Partial<ModerationRequest> = {}): ModerationRequest => ({
  text,
  age: 5,
  model: 'm',
  signal: new AbortController().signal,
  ...more,
});
