import type { ImagesConfig } from '#platform/config/config.ts';
import type { ProviderTools } from '#platform/provider/provider-client.ts';
import type { Images } from './images.ts';

/** What makes pictures: a provider where a model of it is named, else ourselves. */
export async function openImages({ model, provider }: ImagesConfig, tools: ProviderTools): Promise<Images> {
  if (model === undefined || provider === undefined) {
    const { DrawnImages } = await import('./drawn-images.ts');
    return new DrawnImages();
  }
  const { ProviderImages } = await import('./provider-images.ts');
  return new ProviderImages({ model, provider }, tools);
}
