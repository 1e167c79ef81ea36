import type { ModelsConfig } from '#platform/config/config.ts';
import { DemoModel } from './demo-model.ts';
import type { Models } from './models.ts';
import { type ModelsTools, OpenAiModels } from './openai-models.ts';

/** `warm` loads what the first answer would otherwise wait for: to be called once the process is ready. */
export type OpenedModels = Models & { warm(): Promise<void> };

/** The configured models; the demo model alone where no provider is. */
export async function openModels(config: ModelsConfig, tools: ModelsTools): Promise<OpenedModels> {
  return config.providers.length === 0 ? new DemoModel(tools) : new OpenAiModels(config, tools);
}
