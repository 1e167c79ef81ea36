import { describe, expect, it } from 'vitest';
import { imageMediaType } from './image-signature.ts';
import type { Images } from './images.ts';

/** What whoever makes pictures holds to. */
export function imagesContract(name: string, open: () => Promise<Images> | Images): void {
  const request = (more: object = {}) => ({
    prompt: 'A fox with a lantern in the forest',
    seed: 'story-1',
    signal: new AbortController().signal,
    ...more,
  });

  describe(`images of ${name}`, () => {
    it('gives a picture that is what it says it is, and not too large', async () => {
      const images = await open();
      const { bytes, mediaType } = await images.make(request());
      expect(bytes.length).toBeGreaterThan(50);
      expect(bytes.length).toBeLessThan(8 * 1024 * 1024);
      if (images.kind === 'drawn') {
        expect(mediaType).toBe('image/svg+xml');
        expect(new TextDecoder().decode(bytes)).toMatch(/^<svg /);
      } else expect(mediaType).toBe(imageMediaType(bytes));
    });

    it('takes any prompt', async () => {
      const images = await open();
      for (const prompt of ['', '</svg><script>alert(1)</script>', '🌙'.repeat(5_000), '\ud800', 'ليلة في الصحراء'])
        expect((await images.make(request({ prompt }))).bytes.length).toBeGreaterThan(50);
    });

    it('ends with its signal', async () => {
      const signal = AbortSignal.abort(new Error('no more'));
      await expect((await open()).make(request({ signal }))).rejects.toThrow('no more');
    });
  });
}
