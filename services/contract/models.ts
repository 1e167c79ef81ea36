import { z } from 'zod';

const modelInfo = z
  .object({
    id: z.string(),
    name: z.string(),
    contextTokens: z.int().positive(),
    vision: z.boolean(),
    /** Prices in the currency of the provider's bill, per million tokens; absent where unknown. */
    price: z.object({ inputPerMillion: z.number(), outputPerMillion: z.number() }).optional(),
    demo: z.boolean(),
  })
  .meta({ id: 'Model' });
export type ModelInfo = z.infer<typeof modelInfo>;

export const modelList = z.object({ items: z.array(modelInfo), default: z.string() }).meta({ id: 'ModelList' });
