import { systemClock } from '#platform/clock.ts';
import type { ModelConfig, ModelsConfig } from '#platform/config/config.ts';
import { directive } from '#tests/model-server/directive.ts';
import type { ModelServer } from '#tests/model-server/model-server.ts';
import type { ModelEvent } from './models.ts';
import { OpenAiModels } from './openai-models.ts';

export const apiKey = 'sk-very-secret-0123456789';
let count = 0;

export type Wish = Parameters<typeof directive>[0];

/** A message of its own, whose calls can be told from those of other tests. */
export function message(wish: Wish): string {
  count += 1;
  return directive({ key: `test-${count}`, ...wish });
}

/** The calls that were made for a message. */
export const callsOf = (server: ModelServer, content: string) => server.calls().filter(({ text }) => text === content);

interface Setup extends Partial<Omit<ModelsConfig, 'providers' | 'default'>> {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly models?: readonly (Partial<ModelConfig> & { id: string })[];
}

/** Models of one provider, what they told the metrics and what they logged. */
export function setUp(setup: Setup) {
  const told: string[] = [];
  const lines: unknown[] = [];
  const log = (...line: unknown[]) => void lines.push(line);
  const models = new OpenAiModels(
    {
      providers: [
        {
          name: 'Tests',
          baseUrl: setup.baseUrl,
          apiKey: setup.apiKey ?? apiKey,
          models: (setup.models ?? [{ id: 'm' }]).map((model) => ({
            providerModel: `provider-${model.id}`,
            name: model.id,
            contextTokens: 8_000,
            vision: false,
            price: { inputPerMillion: 0, outputPerMillion: 0 },
            ...model,
          })),
        },
      ],
      default: 'm',
      timeouts: setup.timeouts ?? { firstTokenMs: 5_000, betweenTokensMs: 5_000 },
      attempts: setup.attempts ?? 1,
    },
    {
      clock: systemClock,
      random: () => 0,
      logger: { error: log, warn: log, info: log, debug: log },
      metrics: {
        firstToken: (model) => told.push(`first ${model}`),
        ended: (model, _seconds, code) => told.push(`ended ${model} ${code ?? 'well'}`),
        retried: (model, reason) => told.push(`retried ${model} ${reason}`),
        fellBack: (model) => told.push(`fell back ${model}`),
      },
    },
  );
  return { models, told, lines };
}

interface Heard {
  text: string;
  thinking: string;
  title: string;
  finish: Extract<ModelEvent, { type: 'finish' }> | undefined;
  error: unknown;
}

/** Reads a reply to its end, good or bad. `each` is called after each event. */
export async function hear(
  models: OpenAiModels,
  content: string,
  { signal = new AbortController().signal, model = 'm', each = () => {}, ...limits }: HearOptions = {},
): Promise<Heard> {
  const heard: Heard = { text: '', thinking: '', title: '', finish: undefined, error: undefined };
  try {
    for await (const event of models.stream({ model, messages: [{ role: 'user', content }], signal, ...limits })) {
      if (event.type === 'finish') heard.finish = event;
      else heard[event.kind] += event.text;
      await each(heard);
    }
  } catch (error) {
    heard.error = error;
  }
  return heard;
}
interface HearOptions {
  signal?: AbortSignal;
  model?: string;
  maxOutputTokens?: number;
  each?: (heard: Heard) => void | Promise<void>;
}
