import { circle, d, ellipse, path, rect, stroke } from './svg.ts';

/** Parts of figures. A figure is about 200 units high, its feet at the origin, the middle of its head at (0, -132). */
export const headY = -132;

const both = (draw: (side: 1 | -1) => string): string => draw(-1) + draw(1);

const ink = '#2a2430';

/** Awake, or asleep with a smile. */
export const eyes = (asleep: boolean, apart = 21, y = headY): string =>
  both((side) =>
    asleep
      ? stroke(d`M${side * apart - 8} ${y}q8 8 16 0`, ink, 3.4)
      : circle(side * apart, y, 6.2, ink) + circle(side * apart + 2, y - 2.2, 2.1, '#fff8ea'),
  );

export const cheeks = (y = headY + 17, apart = 33): string =>
  both((side) => ellipse({ cx: side * apart, cy: y, rx: 9, ry: 6 }, '#e58d76', { opacity: 0.45 }));

export const smile = (y: number, half = 9): string =>
  stroke(d`M${-half} ${y}q${half} ${half * 0.8} ${half * 2} 0`, ink, 3);

export const earShapes = {
  pointed: (coat: string, inner: string) =>
    both(
      (side) =>
        path(d`M${side * 50} -150Q${side * 56} -192 ${side * 46} -204Q${side * 22} -192 ${side * 10} -170Z`, coat) +
        path(d`M${side * 43} -158Q${side * 47} -184 ${side * 42} -191Q${side * 28} -182 ${side * 20} -170Z`, inner),
    ),
  round: (coat: string, inner: string) =>
    both((side) => circle(side * 40, -170, 20, coat) + circle(side * 40, -169, 11, inner)),
  long: (coat: string, inner: string) =>
    both(
      (side) =>
        ellipse({ cx: side * 22, cy: -205, rx: 14, ry: 46, turn: side * 9 }, coat) +
        ellipse({ cx: side * 22, cy: -203, rx: 7, ry: 34, turn: side * 9 }, inner),
    ),
  upright: (coat: string, inner: string) =>
    both(
      (side) =>
        ellipse({ cx: side * 30, cy: -186, rx: 11, ry: 27, turn: side * 14 }, coat) +
        ellipse({ cx: side * 30, cy: -184, rx: 5, ry: 18, turn: side * 14 }, inner),
    ),
  floppy: (coat: string) =>
    both((side) => ellipse({ cx: side * 52, cy: -132, rx: 16, ry: 36, turn: side * -10 }, coat)),
  large: (coat: string, inner: string) =>
    both((side) => circle(side * 48, -172, 31, coat) + circle(side * 48, -171, 20, inner)),
  wide: (coat: string, inner: string) =>
    both(
      (side) =>
        ellipse({ cx: side * 66, cy: -136, rx: 34, ry: 42 }, coat) +
        ellipse({ cx: side * 68, cy: -134, rx: 23, ry: 30 }, inner),
    ),
  tufts: (coat: string) =>
    both((side) =>
      path(d`M${side * 52} -150Q${side * 58} -178 ${side * 50} -190Q${side * 30} -178 ${side * 12} -172Z`, coat),
    ),
  antlers: (coat: string, inner: string) =>
    both(
      (side) =>
        stroke(
          d`M${side * 22} -168Q${side * 30} -196 ${side * 52} -206M${side * 31} -188Q${side * 24} -202 ${side * 26} -214`,
          '#b08a5f',
          6,
        ) +
        ellipse({ cx: side * 54, cy: -156, rx: 20, ry: 10, turn: side * -24 }, coat) +
        ellipse({ cx: side * 54, cy: -156, rx: 12, ry: 5, turn: side * -24 }, inner),
    ),
  horns: (_coat: string, inner: string) =>
    both((side) =>
      path(d`M${side * 16} -172Q${side * 22} -196 ${side * 38} -202Q${side * 40} -182 ${side * 38} -164Z`, inner),
    ),
  bumps: (coat: string) => both((side) => circle(side * 28, -174, 20, coat)),
  none: () => '',
} as const;

export const muzzles = {
  pointed: (light: string) =>
    path(
      'M-54 -126C-40 -118 -16 -124 0 -108C16 -124 40 -118 54 -126C52 -98 26 -84 0 -84C-26 -84 -52 -98 -54 -126Z',
      light,
    ) +
    ellipse({ cx: 0, cy: -108, rx: 8, ry: 6 }, ink) +
    smile(-97, 8),
  round: (light: string) =>
    ellipse({ cx: 0, cy: -112, rx: 25, ry: 19 }, light) +
    ellipse({ cx: 0, cy: -121, rx: 9, ry: 6.4 }, ink) +
    stroke('M0 -116v7', ink, 2.6) +
    smile(-109, 8),
  small: () => path('M-6 -118h12q0 5 -6 8q-6 -3 -6 -8Z', '#c9776c') + stroke('M-9 -106q4.5 5 9 -2q4.5 7 9 2', ink, 2.6),
  beak: () => path('M-10 -126Q0 -132 10 -126Q8 -110 0 -104Q-8 -110 -10 -126Z', '#e9a94f'),
  wide: () => stroke('M-27 -110q27 22 54 0', ink, 3.4) + circle(-5, -123, 2, ink) + circle(5, -123, 2, ink),
  trunk: (coat: string) =>
    stroke('M0 -116C2 -92 0 -74 16 -64', coat, 19) + stroke('M-5 -92h11M-3 -80h12', '#5b6675', 2, { opacity: 0.5 }),
  snout: (light: string) =>
    ellipse({ cx: 0, cy: -110, rx: 30, ry: 20 }, light) +
    circle(-9, -114, 3, ink) +
    circle(9, -114, 3, ink) +
    smile(-101, 9),
} as const;

export const tails = {
  bushy: (coat: string, light: string) =>
    path('M34 -8C98 4 124 -60 92 -112C88 -74 70 -52 34 -42Z', coat) +
    path('M104 -80Q104 -98 92 -112Q90 -92 83 -78Q94 -72 104 -80Z', light),
  thin: (coat: string) => stroke('M40 -12C86 -8 92 -52 76 -72', coat, 9),
  curled: (coat: string) => stroke('M40 -14C92 0 104 -60 80 -66S64 -40 80 -42', coat, 11),
  short: (_coat: string, light: string) => circle(50, -22, 15, light),
  dragon: (coat: string) =>
    stroke('M36 -12C96 4 112 -34 92 -62', coat, 15) + path('M80 -58L90 -92L108 -60Z', '#e0a25c'),
  none: () => '',
} as const;

/** What stands around a head or behind a back. */
export const backs = {
  spines: (_coat: string, dark: string) =>
    path(
      `${Array.from({ length: 19 }, (_, index) => {
        const turn = (-200 + index * 12.2) * (Math.PI / 180);
        const [x, y] = [Math.cos(turn) * 84, -100 + Math.sin(turn) * 94];
        return `${index === 0 ? 'M' : 'L'}${Math.round(x)} ${Math.round(y)}L${Math.round(x * 0.78)} ${Math.round(-100 + (y + 100) * 0.8)}`;
      }).join('')}L48 0L-48 0Z`,
      dark,
    ),
  mane: (_coat: string, dark: string) =>
    Array.from({ length: 12 }, (_, index) => {
      const turn = (index / 12) * Math.PI * 2;
      return circle(Math.cos(turn) * 52, headY + Math.sin(turn) * 48, 22, dark);
    }).join(''),
  wings: (_coat: string, dark: string) =>
    both((side) =>
      path(
        d`M${side * 34} -84Q${side * 72} -140 ${side * 112} -122Q${side * 96} -106 ${side * 102} -84Q${side * 82} -84 ${side * 82} -62Q${side * 58} -70 ${side * 36} -50Z`,
        dark,
      ),
    ),
  shell: (_coat: string, dark: string) =>
    ellipse({ cx: 0, cy: -58, rx: 78, ry: 64 }, dark) +
    both(
      (side) =>
        circle(side * 60, -64, 10, '#fff8ea', { opacity: 0.16 }) +
        circle(side * 54, -30, 8, '#fff8ea', { opacity: 0.16 }),
    ),
  none: () => '',
} as const;

/** Of a badger: dark bands over the eyes, and a light one between them. */
export const stripes = (light: string, dark: string): string =>
  path('M-9 -179Q0 -181 9 -179L13 -118H-13Z', light) +
  both((side) => ellipse({ cx: side * 24, cy: headY - 6, rx: 13, ry: 37, turn: side * 6 }, dark));

/** Of scarves and coats. */
export const cloths = ['#c65f4e', '#e0a25c', '#5f8aa0', '#7c9a6a', '#d7b46a', '#a5677a'] as const;
export const scarf = (colour: string, dark: string): string =>
  path('M-42 -98Q0 -76 42 -98L44 -82Q0 -58 -44 -82Z', colour) + path('M16 -78L34 -84L40 -44L22 -42Z', dark);

/** A lantern that hangs from a paw; its light is drawn by whoever places the figure. */
export const lantern = (metal: string): string =>
  stroke('M-52 -62q4 -12 8 0', metal, 2.6) +
  rect({ x: -60, y: -60, width: 24, height: 6 }, metal, { rx: 2 }) +
  rect({ x: -57, y: -55, width: 18, height: 24 }, '#ffdc8f', { rx: 3 }) +
  rect({ x: -60, y: -32, width: 24, height: 6 }, metal, { rx: 2 });
