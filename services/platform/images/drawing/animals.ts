import { backs, cheeks, cloths, earShapes, eyes, headY, muzzles, scarf, stripes, tails } from './figure-parts.ts';
import type { Random } from './random.ts';
import { circle, ellipse, mix, path } from './svg.ts';

interface Animal {
  readonly coat: string;
  readonly light: string;
  readonly dark: string;
  readonly ears: keyof typeof earShapes;
  readonly muzzle: keyof typeof muzzles;
  readonly tail: keyof typeof tails;
  readonly back?: keyof typeof backs;
  /** Of the figure, against a child's. */
  readonly size: number;
  readonly owlEyes?: boolean;
  /** From the brow to the nose, over the eyes. */
  readonly striped?: boolean;
}

export const animals = {
  fox: {
    coat: '#d9824a',
    light: '#f7e6cd',
    dark: '#5b3a31',
    ears: 'pointed',
    muzzle: 'pointed',
    tail: 'bushy',
    size: 0.8,
  },
  wolf: {
    coat: '#8a93a3',
    light: '#e3e4e2',
    dark: '#4b5363',
    ears: 'pointed',
    muzzle: 'pointed',
    tail: 'bushy',
    size: 0.95,
  },
  bear: {
    coat: '#9a6a48',
    light: '#e2bf94',
    dark: '#6e4832',
    ears: 'round',
    muzzle: 'round',
    tail: 'none',
    size: 1.15,
  },
  cat: {
    coat: '#6e7486',
    light: '#e9e3da',
    dark: '#d79a92',
    ears: 'pointed',
    muzzle: 'small',
    tail: 'curled',
    size: 0.66,
  },
  rabbit: {
    coat: '#cbb49b',
    light: '#f5ebdf',
    dark: '#e0a99d',
    ears: 'long',
    muzzle: 'small',
    tail: 'short',
    size: 0.68,
  },
  mouse: {
    coat: '#a9a4a6',
    light: '#ece4de',
    dark: '#e0a99d',
    ears: 'large',
    muzzle: 'small',
    tail: 'thin',
    size: 0.5,
  },
  dog: {
    coat: '#c79a66',
    light: '#f3e2c8',
    dark: '#7d5636',
    ears: 'floppy',
    muzzle: 'round',
    tail: 'thin',
    size: 0.78,
  },
  owl: {
    coat: '#8f7355',
    light: '#e7d2ae',
    dark: '#6b5340',
    ears: 'tufts',
    muzzle: 'beak',
    tail: 'none',
    size: 0.7,
    owlEyes: true,
  },
  hedgehog: {
    coat: '#d9bd95',
    light: '#f3e4cb',
    dark: '#6e5a49',
    ears: 'none',
    muzzle: 'round',
    tail: 'none',
    back: 'spines',
    size: 0.6,
  },
  penguin: {
    coat: '#3f4c63',
    light: '#f5efe2',
    dark: '#2e394d',
    ears: 'none',
    muzzle: 'beak',
    tail: 'none',
    size: 0.72,
  },
  dragon: {
    coat: '#6f9f82',
    light: '#e9ddab',
    dark: '#e0a25c',
    ears: 'horns',
    muzzle: 'snout',
    tail: 'dragon',
    back: 'wings',
    size: 1.1,
  },
  frog: { coat: '#86a860', light: '#dfe6ac', dark: '#5f7d46', ears: 'bumps', muzzle: 'wide', tail: 'none', size: 0.58 },
  lion: {
    coat: '#dcaa60',
    light: '#f6e0b0',
    dark: '#a86a3a',
    ears: 'round',
    muzzle: 'round',
    tail: 'thin',
    back: 'mane',
    size: 1.0,
  },
  elephant: {
    coat: '#97a2b0',
    light: '#c3cad2',
    dark: '#d3aaa4',
    ears: 'wide',
    muzzle: 'trunk',
    tail: 'none',
    size: 1.2,
  },
  deer: {
    coat: '#b98757',
    light: '#f2dfc0',
    dark: '#e0b29c',
    ears: 'antlers',
    muzzle: 'round',
    tail: 'short',
    size: 0.95,
  },
  otter: {
    coat: '#8a6648',
    light: '#ead6b8',
    dark: '#5f4634',
    ears: 'bumps',
    muzzle: 'round',
    tail: 'thin',
    size: 0.75,
  },
  badger: {
    coat: '#8d9099',
    light: '#f1eee6',
    dark: '#565a66',
    ears: 'round',
    muzzle: 'round',
    tail: 'none',
    size: 0.8,
    striped: true,
  },
  llama: {
    coat: '#efe2cb',
    light: '#fbf5e8',
    dark: '#d8c2a0',
    ears: 'upright',
    muzzle: 'snout',
    tail: 'short',
    back: 'mane',
    size: 1.05,
  },
  tortoise: {
    coat: '#9fb07a',
    light: '#e4e3b6',
    dark: '#75693f',
    ears: 'none',
    muzzle: 'wide',
    tail: 'none',
    back: 'shell',
    size: 0.7,
  },
} as const satisfies Readonly<Record<string, Animal>>;

/** Sits and looks at us. */
export function animal(spec: Animal, random: Random, asleep: boolean): string {
  const { coat, light, dark, back = 'none' } = spec;
  const feet =
    ellipse({ cx: -24, cy: -5, rx: 21, ry: 11 }, mix(coat, dark, 0.25)) +
    ellipse({ cx: 24, cy: -5, rx: 21, ry: 11 }, mix(coat, dark, 0.25));
  const arms =
    ellipse({ cx: -45, cy: -56, rx: 13, ry: 27, turn: 16 }, mix(coat, dark, 0.14)) +
    ellipse({ cx: 45, cy: -56, rx: 13, ry: 27, turn: -16 }, mix(coat, dark, 0.14));
  const face = spec.owlEyes
    ? circle(-22, headY - 2, 21, light) + circle(22, headY - 2, 21, light) + eyes(asleep, 21)
    : eyes(asleep);
  const cloth = random.pick(cloths);
  return [
    tails[spec.tail](coat, light),
    backs[back](coat, dark),
    path('M-46 0C-64 -52 -46 -104 0 -104C46 -104 64 -52 46 0Z', coat),
    ellipse({ cx: 0, cy: -42, rx: 31, ry: 40 }, light, { opacity: 0.92 }),
    feet,
    arms,
    earShapes[spec.ears](coat, mix(dark, light, 0.15)),
    ellipse({ cx: 0, cy: headY, rx: 58, ry: 48 }, coat),
    spec.striped ? stripes(light, dark) : '',
    face,
    muzzles[spec.muzzle](spec.muzzle === 'trunk' ? coat : light),
    cheeks(),
    random.chance(0.6) ? scarf(cloth, mix(cloth, '#2a2430', 0.25)) : '',
  ].join('');
}
