import type { Art, Ground } from './art.ts';
import type { Random } from './random.ts';
import { d, element, ellipse, path, rect } from './svg.ts';

/** Gentle hills around `level`, up to `swing` above and below. */
export function hills(random: Random, level: number, swing: number): Ground {
  const waves = [random.between(420, 640), random.between(230, 330)].map((length, index) => ({
    length,
    phase: random.between(0, Math.PI * 2),
    height: swing * (index === 0 ? 0.72 : 0.28),
  }));
  return (x) => waves.reduce((y, { length, phase, height }) => y - height * Math.sin((x / length) * 2 + phase), level);
}

/** The land below a line of ground. */
export function land(ground: Ground, fill: string): string {
  const points = Array.from({ length: 31 }, (_, index) => index * 40);
  const line = points.map((x) => d`L${x} ${ground(x)}`).join('');
  return path(`M0 800${line}L1200 800Z`, fill, { 'stroke-linejoin': 'round' });
}

/** Peaks with snow on their lit side, `highest` from the top. */
export function mountains({ random }: Art, base: number, highest: number, fill: string, snow: string): string {
  const count = 4;
  return Array.from({ length: count }, (_, index) => {
    const x = ((index + 0.5) / count) * 1300 - 50 + random.between(-70, 70);
    const top = highest + random.between(0, (base - highest) * 0.45);
    const half = random.between(210, 310);
    const lean = random.between(-30, 30);
    const body = path(
      d`M${x - half} ${base}Q${x - half * 0.3} ${top + (base - top) * 0.45} ${x + lean} ${top}Q${x + half * 0.35} ${top + (base - top) * 0.4} ${x + half} ${base}Z`,
      fill,
    );
    const reach = (base - top) * 0.27;
    const cap = path(
      d`M${x + lean} ${top}Q${x + lean - reach * 0.38} ${top + reach * 0.5} ${x + lean - reach * 0.72} ${top + reach}L${x + lean - reach * 0.3} ${top + reach * 0.8}L${x + lean - reach * 0.05} ${top + reach * 1.15}L${x + lean + reach * 0.28} ${top + reach * 0.78}L${x + lean + reach * 0.66} ${top + reach * 1.02}Q${x + lean + reach * 0.34} ${top + reach * 0.5} ${x + lean} ${top}Z`,
      snow,
      { opacity: 0.75 },
    );
    return body + cap;
  }).join('');
}

/** A stretch of water with the way of the moon's light on it. */
export function water({ random, palette }: Art, level: number, moonX: number): string {
  const body = rect({ x: 0, y: level, width: 1200, height: 800 - level }, 'url(#water)');
  const glints = Array.from({ length: 26 }, (_, index) => {
    const y = level + 8 + (index / 26) ** 1.25 * (790 - level);
    const spread = 16 + (y - level) * 0.32;
    const width = random.between(14, 30) + (y - level) * 0.16;
    return ellipse(
      { cx: moonX + random.between(-spread, spread), cy: y, rx: width, ry: 1.6 + (y - level) * 0.006 },
      palette.moon,
      {
        opacity: random.between(0.18, 0.5),
      },
    );
  });
  const ripples = Array.from({ length: 16 }, () => {
    const y = random.between(level + 14, 790);
    return ellipse({ cx: random.between(0, 1200), cy: y, rx: random.between(30, 90), ry: 1.5 }, palette.sky[3], {
      opacity: 0.2,
    });
  });
  return body + element('g', {}, ripples.join('') + glints.join(''));
}

/** A path that winds from the front to the middle of the picture, narrower as it goes. */
export function trail(ground: Ground, from: number, to: number, fill: string): string {
  const end = ground(to) + 4;
  const middle = (from + to) / 2;
  return path(
    d`M${from - 70} 800C${from - 30} 740 ${middle + 120} 740 ${middle + 60} ${(800 + end) / 2 + 10}S${to - 50} ${end + 26} ${to - 5} ${end}L${to + 5} ${end}C${to - 20} ${end + 26} ${middle + 130} ${(800 + end) / 2} ${middle + 130} ${(800 + end) / 2 + 24}S${from + 60} 750 ${from + 80} 800Z`,
    fill,
    { opacity: 0.55 },
  );
}
