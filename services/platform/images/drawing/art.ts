import type { Palette } from './palettes.ts';
import type { Random } from './random.ts';

/** What every part of a drawing is given. Pictures are 1200 × 800. */
export interface Art {
  readonly random: Random;
  readonly palette: Palette;
}

/** How high the ground is at `x`, from the top of the picture. */
export type Ground = (x: number) => number;
