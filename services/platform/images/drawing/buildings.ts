import type { Art } from './art.ts';
import { lamp } from './palettes.ts';
import { circle, d, element, ellipse, mix, path, rect, stroke } from './svg.ts';

/** A light that fills its surroundings. */
export const glow = (x: number, y: number, r: number, opacity = 1): string =>
  circle(x, y, r, 'url(#glow)', { opacity });

const window = (x: number, y: number, width: number, height: number, bars: string): string =>
  rect({ x, y, width, height }, lamp, { rx: 2 }) +
  stroke(d`M${x + width / 2} ${y}V${y + height}M${x} ${y + height / 2}H${x + width}`, bars, 1.6);

/** A house of about 130 × 130 units, its doorstep at the origin, with a lit window and smoke. */
export function house({ palette, random }: Art, wall: string, roof: string): string {
  const smoke = stroke('M36 -136C28 -152 46 -160 38 -176S52 -196 44 -214', palette.sky[3], 7, { opacity: 0.28 });
  return [
    smoke,
    glow(0, -40, 120, 0.8),
    rect({ x: 28, y: -138, width: 16, height: 40 }, roof),
    rect({ x: -56, y: -78, width: 112, height: 80 }, wall),
    path('M-70 -74Q-36 -108 0 -132Q36 -108 70 -74Z', roof),
    window(-42, -58, 28, 28, wall),
    random.chance(0.5) ? circle(0, -96, 10, lamp) : '',
    path('M10 2V-36Q10 -52 25 -52T40 -36V2Z', mix(roof, wall, 0.3)),
    circle(34, -22, 2.2, lamp),
  ].join('');
}

/** A castle of about 330 × 330 units, its gate at the origin. */
export function castle({ palette, random }: Art, wall: string, roof: string): string {
  const flag = random.pick(['#e0a25c', '#c9766a', '#7fa6b8']);
  const tower = (x: number, width: number, height: number) => {
    const half = width / 2;
    return [
      rect({ x: x - half, y: -height, width, height }, wall),
      path(
        d`M${x - half - 8} ${-height + 2}Q${x} ${-height - 16} ${x} ${-height - width * 1.5}Q${x} ${-height - 16} ${x + half + 8} ${-height + 2}Z`,
        roof,
      ),
      stroke(d`M${x} ${-height - width * 1.48}v-26`, roof, 2.6),
      path(d`M${x} ${-height - width * 1.48 - 26}q14 4 26 0q-4 8 0 14q-12 4 -26 0Z`, flag),
      rect({ x: x - 6, y: -height + 22, width: 12, height: 22 }, lamp, { rx: 6 }),
    ].join('');
  };
  const notches = Array.from({ length: 9 }, (_, index) =>
    rect({ x: -128 + index * 29, y: -122, width: 17, height: 18 }, wall),
  ).join('');
  return [
    glow(0, -80, 250, 0.55),
    tower(-52, 46, 210),
    tower(66, 54, 250),
    rect({ x: -130, y: -108, width: 260, height: 110 }, wall),
    notches,
    tower(-136, 60, 168),
    tower(140, 56, 150),
    path('M-27 2V-40Q-27 -70 0 -70T27 -40V2Z', lamp),
    path('M-27 2V-40Q-27 -70 0 -70T27 -40V2Z', palette.land[4], { opacity: 0.35 }),
    rect({ x: -84, y: -82, width: 11, height: 20 }, lamp, { rx: 5 }),
    rect({ x: 72, y: -82, width: 11, height: 20 }, lamp, { rx: 5 }),
  ].join('');
}

/** A lighthouse of about 300 units, with its beam to one side. */
export function lighthouse({ palette }: Art, wall: string, band: string): string {
  const beam =
    path('M0 -266L-660 -380V-170L0 -258Z', 'url(#beam)') +
    path('M0 -265L-660 -330V-222L0 -259Z', 'url(#beam)', { opacity: 0.7 });
  return [
    beam,
    path('M-36 4L-24 -236H24L36 4Z', wall),
    path('M-33 -52L-31 -102H31L33 -52Z', band),
    path('M-28 -154L-26 -200H26L28 -154Z', band),
    rect({ x: -32, y: -244, width: 64, height: 10 }, palette.land[4], { rx: 4 }),
    rect({ x: -17, y: -280, width: 34, height: 38 }, lamp),
    path('M-24 -278Q-16 -304 0 -310Q16 -304 24 -278Z', band),
    glow(0, -262, 150),
    rect({ x: -7, y: -134, width: 14, height: 18 }, lamp, { rx: 7 }),
    path('M-11 4V-20Q-11 -32 0 -32T11 -20V4Z', palette.land[4]),
  ].join('');
}

/** A tent of about 150 units that is lit from within, and a fire before it. */
export function camp({ palette }: Art): string {
  return [
    glow(0, -50, 190),
    path('M-96 4Q-40 -52 0 -122Q40 -52 96 4Z', '#d99a55'),
    path('M0 -122Q40 -52 96 4H44Q20 -50 0 -122Z', '#b9783f'),
    path('M-22 4Q-6 -40 0 -84Q8 -40 24 4Z', '#ffe2a0'),
    stroke('M-6 -112L0 -130L6 -112', palette.land[4], 4),
    glow(158, -16, 110),
    stroke('M136 2L180 -6M138 -6L178 2', palette.land[4], 9),
    path('M142 -4Q136 -30 152 -42Q154 -54 162 -62Q164 -46 174 -36Q182 -18 174 -4Z', '#f2a14a'),
    path('M150 -4Q147 -22 159 -36Q169 -22 167 -4Z', '#ffe2a0'),
  ].join('');
}

/** The roofs of a town, from one side of the picture to the other. */
export function roofs({ random, palette }: Art, level: number, colour: string, size: number): string {
  const list: string[] = [];
  for (let x = random.between(-60, 0); x < 1200; ) {
    const [width, height] = [size * random.between(0.75, 1.25), size * random.between(0.7, 1.7)];
    const top = level - height;
    const peak = size * random.between(0.35, 0.7);
    list.push(path(d`M${x} 800V${top}L${x + width / 2} ${top - peak}L${x + width} ${top}V800Z`, colour));
    if (random.chance(0.6))
      list.push(rect({ x: x + width * 0.68, y: top - peak * 0.9, width: size * 0.11, height: peak }, colour));
    for (let row = top + size * 0.14; row < Math.min(level + size * 0.3, 720); row += size * 0.36)
      for (let column = x + width * 0.18; column < x + width * 0.75; column += size * 0.3)
        if (random.chance(0.42))
          list.push(
            rect({ x: column, y: row, width: size * 0.13, height: size * 0.18 }, lamp, {
              rx: 2,
              opacity: random.between(0.55, 0.95),
            }),
          );
    x += width + random.between(-4, 5);
  }
  return element('g', { stroke: mix(colour, palette.land[4], 0.3), 'stroke-width': 0.6 }, list.join(''));
}

/** A boat of about 170 units with a lamp at its mast, the waterline at the origin. */
export function boat({ palette, random }: Art): string {
  const sail = random.pick(['#f3e3c3', '#e5b68a', '#d8dfe2']);
  return [
    ellipse({ cx: 0, cy: 20, rx: 96, ry: 9 }, palette.land[4], { opacity: 0.28 }),
    stroke('M4 -4V-176', palette.land[4], 5),
    path('M12 -168Q78 -96 84 -22Q44 -30 12 -22Z', sail),
    path('M-4 -150Q-44 -84 -56 -24Q-28 -30 -4 -24Z', mix(sail, palette.land[2], 0.2)),
    path('M-92 -14Q-4 -2 94 -16Q78 26 40 28H-38Q-76 26 -92 -14Z', '#8a5a3f'),
    path('M-92 -14Q-4 -2 94 -16L91 -8Q-2 6 -89 -6Z', '#b98458'),
    glow(4, -182, 80),
    circle(4, -180, 6, lamp),
  ].join('');
}
