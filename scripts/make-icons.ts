// npm run icons: draws the icons of the installed app from their SVG, for systems that take no SVG.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const web = join(import.meta.dirname, '../web');
/** `full-bleed`: systems cut the corners themselves, so it has none, and the lamp stands in the middle four fifths. */
export const icons = [
  { from: 'public/favicon.svg', to: 'public/icons/icon-192.png', size: 192 },
  { from: 'public/favicon.svg', to: 'public/icons/icon-512.png', size: 512 },
  { from: 'icons/full-bleed.svg', to: 'public/icons/maskable-512.png', size: 512 },
  { from: 'icons/full-bleed.svg', to: 'public/icons/apple-touch-icon.png', size: 180 },
] as const;

export const pathOf = (name: string): string => join(web, name);

export const drawIcon = async ({ from, size }: (typeof icons)[number]) =>
  new Resvg(await readFile(pathOf(from), 'utf8'), { fitTo: { mode: 'width', value: size } }).render();

if (import.meta.main) {
  for (const icon of icons) {
    await mkdir(dirname(pathOf(icon.to)), { recursive: true });
    await writeFile(pathOf(icon.to), (await drawIcon(icon)).asPng());
  }
}
