import { cloths } from './figure-parts.ts';
import type { Random } from './random.ts';
import { circle, ellipse, mix, path, rect, stroke } from './svg.ts';

/** A lamp that is lit, as high as a figure, in the place of somebody whom nothing here can draw. */
export function standingLamp(random: Random): string {
  const metal = mix(random.pick(cloths), '#2a2430', 0.45);
  const light = '#ffdc8f';
  return [
    circle(0, -98, 92, light, { opacity: 0.16 }),
    circle(0, -98, 64, light, { opacity: 0.22 }),
    stroke('M-30 -172Q0 -226 30 -172', metal, 6),
    path('M-22 -176Q0 -196 22 -176L46 -150H-46Z', metal),
    rect({ x: -42, y: -150, width: 84, height: 104 }, light, { rx: 12, opacity: 0.92 }),
    ellipse({ cx: 0, cy: -88, rx: 17, ry: 28 }, '#fff8ea'),
    ellipse({ cx: 0, cy: -80, rx: 8, ry: 15 }, '#e0a25c'),
    stroke('M-42 -150V-46M42 -150V-46', metal, 6),
    rect({ x: -50, y: -50, width: 100, height: 18 }, metal, { rx: 6 }),
    rect({ x: -58, y: -34, width: 116, height: 34 }, metal, { rx: 10 }),
  ].join('');
}
