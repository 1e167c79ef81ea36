import { randomUUID } from 'node:crypto';
import type { ModerationConfig } from '#platform/config/config.ts';
import type { Models } from '#platform/models/models.ts';
import type { ProviderTools } from '#platform/provider/provider-client.ts';
import type { Moderation } from './moderation.ts';

/** What judges stories: nothing where the demo model alone writes them. */
export async function openModeration(
  config: ModerationConfig,
  models: Pick<Models, 'list' | 'stream'>,
  tools: ProviderTools,
): Promise<Moderation> {
  if (models.list().every(({ demo }) => demo)) {
    const { NoModeration } = await import('./no-moderation.ts');
    return new NoModeration();
  }
  const { ModelModeration } = await import('./model-moderation.ts');
  const model = new ModelModeration({ models, newCheck: () => randomUUID() });
  const { provider } = config;
  if (config.kind === 'model' || provider === undefined) return model;
  const { ProviderModeration } = await import('./provider-moderation.ts');
  const ofProvider = new ProviderModeration({ model: config.model, provider }, tools);
  if (config.kind === 'provider') return ofProvider;
  const { AutoModeration } = await import('./auto-moderation.ts');
  return new AutoModeration(ofProvider, model, tools);
}
