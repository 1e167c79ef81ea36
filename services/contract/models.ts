import { z } from 'zod';

const modelInfo = z
  .object({
    id: z.string(),
    name: z.string(),
    contextTokens: z.int().positive(),
    /** The longest reply that is asked of it; that of the settings where absent. */
    maxOutputTokens: z.int().positive().optional(),
    vision: z.boolean(),
    /** In the currency of the provider's bill. */
    price: z.object({ inputPerMillion: z.number(), outputPerMillion: z.number() }),
    demo: z.boolean(),
  })
  .meta({ id: 'Model' });
export type ModelInfo = z.infer<typeof modelInfo>;

export const modelList = z.object({ items: z.array(modelInfo), default: z.string() }).meta({ id: 'ModelList' });
