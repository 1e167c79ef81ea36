import { z } from 'zod';
import { BadReply } from '#platform/models/completion-reader.ts';
import type { ProviderAddress } from '#platform/provider/openai-client.ts';
import { ProviderClient, ProviderError, type ProviderTools, readJson } from '#platform/provider/provider-client.ts';
import { unfitFor } from './child-thresholds.ts';
import {
  type Moderation,
  ModerationError,
  type ModerationRequest,
  NoSuchEndpoint,
  type Verdict,
} from './moderation.ts';
import { stretchesOf } from './stretches.ts';

const limits = { attempts: 3, timeoutMs: 20_000, maxBytes: 2 * 1024 * 1024 };
/** Stretches of one call. */
const maxStretches = 32;

/** Whatever is missing or odd is no verdict: https://platform.openai.com/docs/api-reference/moderations/object. */
const reply = z.object({
  results: z.array(
    z.object({
      flagged: z.boolean(),
      categories: z.record(z.string(), z.boolean().nullable()),
      category_scores: z
        .record(z.string(), z.number().min(0).max(1).nullable())
        .refine((scores) => Object.values(scores).some((score) => score !== null)),
    }),
  ),
});

const missing: readonly (number | undefined)[] = [404, 405, 501];

/** The moderation endpoint of an OpenAI-compatible server. */
export class ProviderModeration implements Moderation {
  readonly kind = 'provider';
  readonly mayAskModel = false;
  readonly #model: string;
  readonly #client: ProviderClient;

  constructor(
    { model, provider }: { readonly model: string; readonly provider: ProviderAddress },
    tools: ProviderTools,
  ) {
    this.#model = model;
    this.#client = new ProviderClient(provider, tools, limits);
  }

  /** Throws `NoSuchEndpoint` where the provider does not moderate. */
  async judge({ text, age, signal }: ModerationRequest): Promise<Verdict> {
    signal.throwIfAborted();
    const stretches = stretchesOf(text);
    const reasons = new Set<string>();
    for (let at = 0; at < stretches.length; at += maxStretches) {
      for (const reason of await this.#ask(stretches.slice(at, at + maxStretches), age, signal)) reasons.add(reason);
      if (reasons.size > 0) break;
    }
    return { safe: reasons.size === 0, reasons: [...reasons], by: 'provider' };
  }

  /** What these stretches are unfit for. */
  async #ask(input: string[], age: number, signal: AbortSignal): Promise<readonly string[]> {
    const model = this.#model;
    try {
      return await this.#client.call({
        model,
        signal,
        ask: (client, options) => client.moderations.create({ model, input }, options),
        read: (body) => {
          const parsed = reply.safeParse(readJson(body));
          if (!parsed.success) throw new BadReply('The reply is no moderation.');
          const { results } = parsed.data;
          if (results.length !== input.length)
            throw new BadReply(`Of ${input.length} texts, ${results.length} were judged.`);
          return results.flatMap((result) => unfitFor(result, age));
        },
      });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (missing.includes(error.status))
        throw new NoSuchEndpoint(`The provider does not moderate (status ${error.status}).`, { cause: error });
      throw new ModerationError('The moderation gave no verdict.', { cause: error });
    }
  }
}
