import type { Art } from './art.ts';
import { circle, d, element, ellipse, path } from './svg.ts';

/** Stars, denser towards the zenith, the larger ones with four rays. */
export function stars({ random }: Art, count: number, lowest: number): string {
  return Array.from({ length: count }, () => {
    const [x, y] = [random.between(0, 1200), random.between(0, 1) ** 1.5 * lowest];
    const size = random.between(0, 1) ** 3;
    const opacity = Math.round((0.35 + 0.6 * random.between(0, 1)) * (1 - y / (lowest * 1.25)) * 100) / 100;
    if (size < 0.82) return circle(x, y, 0.9 + size * 1.7, '#fff7e2', { opacity });
    const long = 7 + size * 5;
    const rays = d`M${x} ${y - long}Q${x} ${y} ${x + long} ${y}Q${x} ${y} ${x} ${y + long}Q${x} ${y} ${x - long} ${y}Q${x} ${y} ${x} ${y - long}Z`;
    return path(rays, '#fff7e2', { opacity: 0.9 });
  }).join('');
}

/** A full moon with its seas, or a crescent; both with a halo. */
export function moon({ random, palette }: Art, x: number, y: number): string {
  const r = random.between(46, 68);
  const halo = circle(x, y, r * 3.6, 'url(#halo)');
  if (random.chance(0.45)) {
    const crescent = d`M${x} ${y - r}A${r} ${r} 0 1 1 ${x - r * 0.95} ${y + r * 0.3}A${r * 0.82} ${r * 0.82} 0 0 0 ${x} ${y - r}Z`;
    return halo + path(crescent, palette.moon);
  }
  const seas = [
    ellipse({ cx: x - r * 0.3, cy: y - r * 0.2, rx: r * 0.24, ry: r * 0.2 }, palette.sky[2], { opacity: 0.16 }),
    ellipse({ cx: x + r * 0.28, cy: y + r * 0.12, rx: r * 0.32, ry: r * 0.24 }, palette.sky[2], { opacity: 0.13 }),
    ellipse({ cx: x - r * 0.12, cy: y + r * 0.48, rx: r * 0.17, ry: r * 0.13 }, palette.sky[2], { opacity: 0.15 }),
  ];
  return halo + circle(x, y, r, palette.moon) + seas.join('');
}

/** A long, flat cloud with a soft upper edge. */
function cloud({ random, palette }: Art, x: number, y: number, width: number): string {
  const puffs = Array.from({ length: 5 }, (_, index) => {
    const share = (index + 0.5) / 5;
    const height = width * 0.13 * Math.sin(share * Math.PI) * random.between(0.8, 1.3);
    return ellipse({ cx: x + share * width, cy: y - height * 0.3, rx: width * 0.17, ry: height + 6 }, palette.sky[3]);
  });
  const base = element('rect', {
    x: x - 10,
    y,
    width: width + 20,
    height: width * 0.045,
    rx: width * 0.022,
    fill: palette.sky[3],
  });
  return element('g', { opacity: random.between(0.14, 0.3) }, puffs.join('') + base);
}

export function clouds(art: Art, count: number): string {
  const { random } = art;
  return Array.from({ length: count }, () =>
    cloud(art, random.between(-120, 1080), random.between(130, 380), random.between(150, 330)),
  ).join('');
}
