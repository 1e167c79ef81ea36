import { readFile } from 'node:fs/promises';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { drawIcon, icons, pathOf } from './make-icons.ts';

/** What of a PNG shows, as RGBA. */
async function pixelsOf(file: string, size: number): Promise<Buffer> {
  const href = `data:image/png;base64,${(await readFile(file)).toString('base64')}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><image href="${href}" width="${size}" height="${size}"/></svg>`;
  return new Resvg(svg).render().pixels;
}

describe('the icons of the installed app', () => {
  it.each(icons)('$to is drawn from $from; run npm run icons after it changed', async (icon) => {
    const drawn = await drawIcon(icon);
    expect([drawn.width, drawn.height]).toEqual([icon.size, icon.size]);
    const kept = await pixelsOf(pathOf(icon.to), icon.size);
    // Processors round differently.
    const differing = drawn.pixels.filter((value, index) => Math.abs(value - (kept[index] ?? -99)) > 8);
    expect(differing.length).toBeLessThan(drawn.pixels.length / 1000);
  });

  it('are those that the manifest names, in their sizes', async () => {
    const manifest = JSON.parse(await readFile(pathOf('public/manifest.webmanifest'), 'utf8'));
    const named = manifest.icons.filter(({ type }: { type: string }) => type === 'image/png');
    expect(named.map(({ src, sizes }: Record<string, string>) => [`public${src}`, sizes])).toEqual(
      icons.filter(({ to }) => !to.includes('apple')).map(({ to, size }) => [to, `${size}x${size}`]),
    );
    expect(manifest).toMatchObject({
      name: 'Lamplight',
      short_name: 'Lamplight',
      start_url: '/',
      display: 'standalone',
    });
    expect(named.some(({ purpose }: Record<string, string>) => purpose === 'maskable')).toBe(true);
    expect(manifest.shortcuts.map(({ url }: { url: string }) => url)).toEqual(['/', '/stories']);
  });
});
