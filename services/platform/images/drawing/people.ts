import { cheeks, cloths, eyes, headY, smile } from './figure-parts.ts';
import type { Random } from './random.ts';
import { circle, ellipse, mix, path, rect, stroke } from './svg.ts';

const people = [
  'grownUp',
  'child',
  'girl',
  'boy',
  'witch',
  'princess',
  'knight',
  'pirate',
  'astronaut',
  'grandmother',
] as const;
export type Person = (typeof people)[number];

const skins = ['#f3cfae', '#e2b48c', '#c48f66', '#9a6a48', '#6f4a35'] as const;
const hairs = ['#3b2a25', '#6b4430', '#a8713f', '#d9b06a', '#8f4a34', '#26242c'] as const;

const hats: Readonly<Record<Person, (cloth: string) => string>> = {
  child: (cloth) =>
    path('M-47 -146Q-44 -188 0 -190Q44 -188 47 -146Q0 -160 -47 -146Z', cloth) + circle(0, -192, 11, '#f6ead2'),
  grownUp: () => '',
  girl: () => '',
  boy: () => '',
  witch: () =>
    path('M-74 -158Q0 -184 74 -158Q60 -148 0 -162Q-60 -148 -74 -158Z', '#38415c') +
    path('M-38 -164Q-22 -222 26 -246Q12 -214 38 -164Q0 -176 -38 -164Z', '#38415c') +
    path('M-38 -166Q0 -178 38 -166L36 -176Q0 -188 -35 -176Z', '#d7b46a'),
  princess: () =>
    path('M-28 -168L-34 -200L-14 -184L0 -208L14 -184L34 -200L28 -168Q0 -178 -28 -168Z', '#efc867') +
    circle(0, -186, 4, '#c65f4e'),
  knight: () =>
    path('M-46 -128Q-50 -188 0 -192Q50 -188 46 -128Q40 -150 0 -150T-46 -128Z', '#aab4c2') +
    path('M0 -192Q-6 -226 30 -224Q20 -204 4 -190Z', '#c65f4e'),
  pirate: () =>
    path('M-62 -156Q-40 -204 0 -190Q40 -204 62 -156Q0 -176 -62 -156Z', '#2f3850') + circle(0, -176, 7, '#f6ead2'),
  astronaut: () =>
    circle(0, -134, 58, '#dfe9f2', { opacity: 0.28 }) +
    stroke('M-40 -164Q-28 -184 -8 -186', '#ffffff', 5, { opacity: 0.6 }),
  grandmother: () => circle(0, -190, 19, '#d9d6d0'),
};

/** Stands and looks at us; skin, hair and cloth are the seed's. */
export function person(name: Person, random: Random, asleep: boolean): string {
  const [skin, cloth] = [random.pick(skins), name === 'astronaut' ? '#e8ecef' : random.pick(cloths)];
  const hair = name === 'grandmother' ? '#d9d6d0' : random.pick(hairs);
  const shade = mix(cloth, '#2a2430', 0.22);
  const long =
    name === 'girl' ||
    name === 'princess' ||
    name === 'witch' ||
    ((name === 'child' || name === 'grownUp') && random.chance(0.5));
  const glasses =
    name === 'grandmother'
      ? [-20, 20].map((x) => circle(x, headY + 2, 13, 'none', { stroke: '#6b5a50', 'stroke-width': 2.6 })).join('') +
        stroke('M-7 -131h14', '#6b5a50', 2.6)
      : '';
  return [
    long ? path('M-50 -138Q-62 -84 -42 -72Q0 -62 42 -72Q62 -84 50 -138Z', hair) : '',
    rect({ x: -28, y: -22, width: 22, height: 22 }, '#453a44', { rx: 7 }),
    rect({ x: 6, y: -22, width: 22, height: 22 }, '#453a44', { rx: 7 }),
    path('M-50 -12C-48 -56 -36 -98 0 -98C36 -98 48 -56 50 -12Q0 2 -50 -12Z', cloth),
    stroke('M0 -84V-8', shade, 2.4),
    circle(6, -64, 3, '#f6ead2'),
    circle(6, -42, 3, '#f6ead2'),
    ellipse({ cx: -44, cy: -58, rx: 12, ry: 28, turn: 18 }, shade),
    ellipse({ cx: 44, cy: -58, rx: 12, ry: 28, turn: -18 }, shade),
    circle(-51, -34, 9, skin),
    circle(51, -34, 9, skin),
    circle(-45, -128, 9, skin),
    circle(45, -128, 9, skin),
    circle(0, headY, 46, skin),
    path('M-47 -128Q-52 -182 0 -184Q52 -182 47 -128Q40 -156 8 -162Q-28 -160 -47 -128Z', hair),
    eyes(asleep, 18, headY + 2),
    glasses,
    cheeks(headY + 18, 27),
    smile(headY + 20),
    hats[name](cloth),
  ].join('');
}
