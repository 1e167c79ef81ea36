import type { TokenUsage } from '#contract/conversations.ts';
import type { ModelInfo } from '#contract/models.ts';

/** What a call cost, in the currency of the provider's bill. Tokens of thinking are among those of the output. */
export const costOf = (
  { price }: Pick<ModelInfo, 'price'>,
  { inputTokens, outputTokens }: Pick<TokenUsage, 'inputTokens' | 'outputTokens'>,
): number => (inputTokens * price.inputPerMillion + outputTokens * price.outputPerMillion) / 1_000_000;
