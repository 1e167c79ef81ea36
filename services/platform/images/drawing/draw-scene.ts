import type { Art } from './art.ts';
import { glow } from './buildings.ts';
import { figure, figureNames } from './figures.ts';
import { lamp, palettes } from './palettes.ts';
import { randomFrom } from './random.ts';
import type { Scene } from './scene.ts';
import { scenes } from './scenes.ts';
import { element, ellipse, horizontal, placed, radial, rect, vertical } from './svg.ts';
import { figuresIn, type Named, sceneIn, sceneNames } from './words.ts';

/** Everybody fits beside the others. */
const mostFigures = 3;

/**
 * An evening scene, 1200 × 800, as SVG: where it is and who is in it follows from the words, all else from the seed. It holds no text, no
 * scripts and no references: nothing of the words themselves is in it.
 */
export function drawScene(seed: string, words: string): string {
  const random = randomFrom(seed);
  const palette = random.pick(palettes);
  const byChance = random.pick(sceneNames);
  const name = sceneIn(words) ?? byChance;
  const art: Art = { random, palette };
  const scene = scenes[name](art);
  const { sky, water } = palette;
  const defs = [
    vertical(
      'sky',
      sky.map((colour, index) => ({ at: [0, 0.36, 0.56, 0.72][index] ?? 1, colour })),
    ),
    vertical('water', [
      { at: 0, colour: sky[3], opacity: 1 },
      { at: 0.12, colour: water },
      { at: 1, colour: palette.land[3] },
    ]),
    vertical('deep', [
      { at: 0, colour: '#5ba3a0' },
      { at: 0.4, colour: '#2c7080' },
      { at: 1, colour: '#123a50' },
    ]),
    radial('halo', [
      { at: 0, colour: palette.moon, opacity: 0.42 },
      { at: 0.3, colour: palette.moon, opacity: 0.2 },
      { at: 0.6, colour: palette.moon, opacity: 0.06 },
      { at: 1, colour: palette.moon, opacity: 0 },
    ]),
    radial('glow', [
      { at: 0, colour: lamp, opacity: 0.6 },
      { at: 0.3, colour: lamp, opacity: 0.26 },
      { at: 0.65, colour: lamp, opacity: 0.07 },
      { at: 1, colour: lamp, opacity: 0 },
    ]),
    horizontal('beam', [
      { at: 0, colour: lamp, opacity: 0 },
      { at: 1, colour: lamp, opacity: 0.5 },
    ]),
    radial('edge', [
      { at: 0.6, colour: sky[0], opacity: 0 },
      { at: 1, colour: sky[0], opacity: 0.42 },
    ]),
  ].join('');
  const whole = { x: 0, y: 0, width: 1200, height: 800 };
  const children = [
    element('defs', {}, defs),
    rect(whole, 'url(#sky)'),
    scene.behind,
    company(art, scene, words),
    scene.before,
    rect(whole, 'url(#edge)'),
  ];
  return element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: '0 0 1200 800', width: 1200, height: 800 },
    children.join(''),
  );
}

/** Those whom the words name, else one or two by chance; side by side, one of them with a lantern. */
function company({ random }: Art, { ground, room }: Scene, words: string): string {
  if (room.to <= room.from) return '';
  const named = figuresIn(words, mostFigures);
  const anybody = () => ({ name: random.pick(figureNames) });
  const shown: readonly Named[] = named.length > 0 ? named : [anybody(), ...(random.chance(0.5) ? [anybody()] : [])];
  const bearer = Math.floor(random.between(0, shown.length));
  const step = (room.to - room.from) / shown.length;
  return shown
    .map((each, index) => {
      const { shape, size, lantern } = figure(each, random, { asleep: random.chance(0.12), lit: index === bearer });
      const x = room.from + step * (index + 0.5) + random.between(-0.12, 0.12) * step;
      const y = ground(x) + random.between(22, 40);
      const scale = size * random.between(0.95, 1.08);
      const mirrored = random.chance(0.5);
      const shadow = ellipse({ cx: x, cy: y, rx: 66 * scale, ry: 9 * scale }, '#0b1020', { opacity: 0.28 });
      const light = lantern ? glow(x + (mirrored ? 48 : -48) * scale, y - 44 * scale, 150 * scale) : '';
      return shadow + light + placed(shape, x, y, scale, mirrored);
    })
    .join('');
}
