import { drawScene } from './drawing/draw-scene.ts';
import type { ImageRequest, Images, Picture } from './images.ts';

/** Pictures that are drawn here, as SVG: the same words and the same seed give the same one. */
export class DrawnImages implements Images {
  readonly kind = 'drawn';

  async make({ prompt, seed, signal }: ImageRequest): Promise<Picture> {
    signal.throwIfAborted();
    return { bytes: new TextEncoder().encode(drawScene(seed, prompt)), mediaType: 'image/svg+xml' };
  }
}
