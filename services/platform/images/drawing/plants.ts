import type { Art, Ground } from './art.ts';
import { circle, d, ellipse, path, placed, rect, stroke } from './svg.ts';

/** A fir of 100 units, its foot at the origin. */
function fir(colour: string): string {
  const tier = (top: number, half: number, bottom: number) =>
    d`M0 ${top}Q${half * 0.35} ${bottom - 8} ${half} ${bottom}Q0 ${bottom - 7} ${-half} ${bottom}Q${-half * 0.35} ${bottom - 8} 0 ${top}Z`;
  return (
    rect({ x: -3, y: -12, width: 6, height: 14 }, colour) +
    path(tier(-100, 17, -62) + tier(-82, 24, -36) + tier(-60, 31, -8), colour)
  );
}

/** A round tree of 100 units. */
const leafTree = (colour: string, light: string): string =>
  path('M-4 2Q-2 -30 -3 -50L3 -50Q2 -30 5 2Z', colour) +
  circle(0, -66, 30, colour) +
  circle(-20, -52, 20, colour) +
  circle(21, -54, 21, colour) +
  ellipse({ cx: -9, cy: -80, rx: 17, ry: 12, turn: -24 }, light, { opacity: 0.13 });

/** Firs along a line of ground, of differing heights and none at the same distance. */
export function firs({ random }: Art, ground: Ground, colour: string, size: number, gap: number): string {
  const list: string[] = [];
  for (let x = random.between(-40, 20); x < 1240; x += gap * random.between(0.45, 1.55))
    list.push(placed(fir(colour), x, ground(x) + 6, (size * random.between(0.65, 1.3)) / 100));
  return list.join('');
}

export function leafTrees({ random, palette }: Art, ground: Ground, colour: string, size: number, gap: number): string {
  const list: string[] = [];
  for (let x = random.between(-40, 60); x < 1240; x += gap * random.between(0.5, 1.6))
    list.push(
      placed(
        leafTree(colour, palette.sky[3]),
        x,
        ground(x) + 5,
        (size * random.between(0.7, 1.25)) / 100,
        random.chance(0.5),
      ),
    );
  return list.join('');
}

/** Tall trunks at both sides, whose crowns are out of the picture: they make a window of it. */
export function trunks({ random, palette }: Art): string {
  const colour = palette.land[4];
  return [random.between(-10, 50), random.between(120, 190), random.between(1040, 1090), random.between(1150, 1210)]
    .map((x) => {
      const half = random.between(20, 34);
      const side = x < 600 ? 1 : -1;
      const trunk = path(
        d`M${x - half * 1.9} 800Q${x - half} 700 ${x - half * 0.8} 400T${x - half} -10L${x + half} -10Q${x + half * 0.7} 200 ${x + half * 0.8} 420T${x + half * 2} 800Z`,
        colour,
      );
      const y = random.between(90, 250);
      const branch = stroke(d`M${x} ${y + 40}Q${x + side * 60} ${y} ${x + side * 130} ${y - 6}`, colour, 9);
      const leaves = Array.from({ length: 7 }, (_, index) =>
        ellipse(
          {
            cx: x + side * (40 + index * 18),
            cy: y + random.between(-22, 20),
            rx: 17,
            ry: 8,
            turn: side * random.between(-40, 20),
          },
          colour,
        ),
      );
      return trunk + branch + leaves.join('');
    })
    .join('');
}

/** Blades of grass along the lower edge, with some flowers. */
export function grass({ random, palette }: Art, ground: Ground, flowers: boolean): string {
  const blades: string[] = [];
  for (let x = -10; x < 1210; x += random.between(6, 14)) {
    const [y, height, lean] = [ground(x) + 4, random.between(12, 38), random.between(-14, 14)];
    blades.push(
      d`M${x - 3} ${y}Q${x} ${y - height * 0.6} ${x + lean} ${y - height}Q${x + 3} ${y - height * 0.5} ${x + 4} ${y}Z`,
    );
  }
  const tints = ['#f3c98b', '#e8a392', '#f6e7c4', '#b9cfe4'] as const;
  const heads = Array.from({ length: flowers ? 20 : 0 }, () => {
    const x = random.between(0, 1200);
    const [y, tint] = [ground(x) - random.between(18, 44), random.pick(tints)];
    const petals = [0, 72, 144, 216, 288].map((turn) =>
      ellipse({ cx: x, cy: y - 5, rx: 3.2, ry: 5.4 }, tint, { transform: d`rotate(${turn} ${x} ${y})` }),
    );
    return (
      stroke(d`M${x} ${y}Q${x + 2} ${y + 20} ${x} ${ground(x) + 4}`, palette.land[4], 2.4) +
      petals.join('') +
      circle(x, y, 3, '#ffdf9a')
    );
  });
  return path(blades.join(''), palette.land[4]) + heads.join('');
}

/** A cactus of 100 units. */
export const cactus = (colour: string): string =>
  stroke('M0 0V-92', colour, 18) +
  stroke('M0 -34H-26V-62', colour, 13, { 'stroke-linejoin': 'round' }) +
  stroke('M0 -22H24V-54', colour, 12, { 'stroke-linejoin': 'round' });

/** A palm of 100 units. */
export const palm = (colour: string): string =>
  stroke('M0 2Q4 -40 16 -76', colour, 7) +
  [-150, -112, -74, -36, 4, 30]
    .map((turn) => path('M16 -76Q38 -96 60 -78Q38 -88 16 -76Z', colour, { transform: `rotate(${turn + 26} 16 -76)` }))
    .join('');

/** Weed that sways upwards from the ground of the sea. */
export function weed({ random }: Art, ground: Ground, colours: readonly [string, ...string[]]): string {
  return Array.from({ length: 22 }, () => {
    const x = random.between(0, 1200);
    const [y, height, sway] = [ground(x) + 10, random.between(60, 190), random.between(14, 30)];
    return stroke(
      d`M${x} ${y}C${x - sway} ${y - height * 0.3} ${x + sway} ${y - height * 0.6} ${x + random.between(-10, 10)} ${y - height}`,
      random.pick(colours),
      random.between(6, 13),
    );
  }).join('');
}
