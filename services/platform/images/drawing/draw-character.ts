import type { Art } from './art.ts';
import { figure } from './figures.ts';
import { hills, land } from './land.ts';
import { lamp, palettes } from './palettes.ts';
import { randomFrom } from './random.ts';
import { stars } from './sky.ts';
import { standingLamp } from './standing-lamp.ts';
import { circle, element, placed, radial, rect, vertical } from './svg.ts';
import { figureFirstIn } from './words.ts';

/**
 * A round portrait, 400 × 400, as SVG, transparent around it: who it shows follows from the words, how they look from the seed. Where
 * the words name nobody that can be drawn it is a lamp: nobody rather than somebody else. Like scenes, it holds nothing of the words.
 */
export function drawCharacter(seed: string, words: string): string {
  const random = randomFrom(seed);
  const palette = random.pick(palettes);
  const shown = figureFirstIn(words);
  const art: Art = { random, palette };
  const shape = shown ? figure(shown, random).shape : standingLamp(random);
  const defs = [
    vertical(
      'sky',
      palette.sky.map((colour, index) => ({ at: index / 3.4, colour })),
    ),
    radial('glow', [
      { at: 0, colour: lamp, opacity: 0.55 },
      { at: 1, colour: lamp, opacity: 0 },
    ]),
    element('clipPath', { id: 'round' }, circle(200, 200, 196, '#000')),
  ].join('');
  const scene = [
    rect({ x: 0, y: 0, width: 400, height: 400 }, 'url(#sky)'),
    stars(art, 34, 240),
    circle(200, 190, 190, 'url(#glow)'),
    land(hills(random, 330, 14), palette.land[1]),
    placed(shape, 200, 428, 1.5),
  ];
  const children = [
    element('defs', {}, defs),
    element('g', { 'clip-path': 'url(#round)' }, scene.join('')),
    circle(200, 200, 193, 'none', { stroke: palette.sky[3], 'stroke-width': 6, opacity: 0.8 }),
  ];
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: '0 0 400 400', width: 400, height: 400 },
    children.join(''),
  );
}
