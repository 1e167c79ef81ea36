import { animal, animals } from './animals.ts';
import { lantern } from './figure-parts.ts';
import { type Person, person } from './people.ts';
import type { Random } from './random.ts';
import { circle, mix, rect, stroke } from './svg.ts';

export type FigureName = keyof typeof animals | Person | 'robot';
export interface Figure {
  /** As drawn: about 200 units high. */
  readonly shape: string;
  readonly size: number;
  readonly lantern: boolean;
}

const robot = (random: Random): string => {
  const metal = random.pick(['#9fb4be', '#b7b0a0', '#8fa7a0']);
  const shade = mix(metal, '#2a2430', 0.25);
  return [
    stroke('M0 -176V-200', shade, 5),
    circle(0, -204, 8, '#ffdc8f'),
    rect({ x: -34, y: -20, width: 24, height: 20 }, shade, { rx: 6 }),
    rect({ x: 10, y: -20, width: 24, height: 20 }, shade, { rx: 6 }),
    stroke('M-46 -72Q-66 -60 -56 -36M46 -72Q66 -60 56 -36', shade, 12),
    rect({ x: -46, y: -92, width: 92, height: 76 }, metal, { rx: 18 }),
    rect({ x: -24, y: -72, width: 48, height: 32 }, '#f6ead2', { rx: 8, opacity: 0.85 }),
    circle(-8, -56, 5, '#c65f4e'),
    circle(9, -56, 5, '#5f8aa0'),
    rect({ x: -54, y: -178, width: 108, height: 82 }, metal, { rx: 26 }),
    rect({ x: -42, y: -162, width: 84, height: 50 }, '#33405a', { rx: 20 }),
    circle(-19, -138, 8, '#ffdc8f'),
    circle(19, -138, 8, '#ffdc8f'),
    stroke('M-10 -122q10 7 20 0', '#ffdc8f', 3),
  ].join('');
};

export const isAnimal = (name: FigureName): name is keyof typeof animals => Object.hasOwn(animals, name);

const sizes: Partial<Record<FigureName, number>> = { child: 0.85, girl: 0.85, boy: 0.85, grandmother: 0.98 };

/** Somebody who looks at us, awake or asleep, as the seed has it. */
export function figure(
  { name, coat }: { readonly name: FigureName; readonly coat?: string },
  random: Random,
  { asleep = false, lit = false } = {},
): Figure {
  const shape =
    name === 'robot'
      ? robot(random)
      : isAnimal(name)
        ? animal({ ...animals[name], ...(coat !== undefined && { coat }) }, random, asleep)
        : person(name, random, asleep);
  const size = isAnimal(name) ? animals[name].size : (sizes[name] ?? 0.95);
  return { shape: shape + (lit ? lantern('#4a3c34') : ''), size, lantern: lit };
}

export const figureNames: readonly [FigureName, ...FigureName[]] = [
  'fox',
  'bear',
  'rabbit',
  'owl',
  'cat',
  'hedgehog',
  'mouse',
  'child',
  'girl',
  'boy',
];
