import type { Art, Ground } from './art.ts';
import { hills } from './land.ts';
import { clouds, moon, stars } from './sky.ts';

/** A scene in two layers, between which its figures stand on their ground. */
export interface Scene {
  readonly behind: string;
  readonly before: string;
  readonly ground: Ground;
  /** Where figures may stand, from the left. */
  readonly room: { readonly from: number; readonly to: number };
}

export const heaven = (art: Art, moonX: number, moonY = art.random.between(120, 210)): string =>
  stars(art, 120, 520) + moon(art, moonX, moonY) + clouds(art, 3);

/** The side of the moon; what is large stands on the other. */
export const sides = ({ random }: Art) => {
  const left = random.chance(0.5);
  return left
    ? { moonX: random.between(210, 330), far: random.between(800, 910), room: { from: 190, to: 640 } }
    : { moonX: random.between(870, 990), far: random.between(290, 400), room: { from: 560, to: 1010 } };
};

export const ridges = (art: Art, levels: readonly [number, number, number]): readonly [Ground, Ground, Ground] => {
  const [far, middle, near] = levels;
  return [hills(art.random, far, 46), hills(art.random, middle, 38), hills(art.random, near, 20)];
};
