import type { Art, Ground } from './art.ts';
import { boat, glow, house, lighthouse } from './buildings.ts';
import { hills, land, mountains, water } from './land.ts';
import { cactus, firs, grass, palm } from './plants.ts';
import { heaven, ridges, type Scene, sides } from './scene.ts';
import { stars } from './sky.ts';
import { circle, d, element, ellipse, mix, path, placed, stroke } from './svg.ts';

export function sea(art: Art): Scene {
  const { land: tone } = art.palette;
  const { moonX, far: x, room } = sides(art);
  const near = hills(art.random, 726, 14);
  const coast = hills(art.random, 498, 22);
  const behind = [
    heaven(art, moonX),
    land(coast, tone[0]),
    water(art, 510, moonX),
    placed(boat(art), x, 604, art.random.between(1.15, 1.4), art.random.chance(0.5)),
    land(near, tone[3]),
  ];
  return { behind: behind.join(''), before: grass(art, hills(art.random, 792, 4), false), ground: near, room };
}

export function lighthouseRock(art: Art): Scene {
  const { land: tone } = art.palette;
  const { moonX, far: x, room } = sides(art);
  const near = hills(art.random, 724, 14);
  const rock = path(
    d`M${x - 230} 610Q${x - 150} 520 ${x - 60} 486Q${x} 470 ${x + 60} 488Q${x + 150} 530 ${x + 250} 610Z`,
    tone[2],
  );
  const tower = placed(
    lighthouse(art, mix('#f1e4cd', tone[2], 0.3), mix('#b4573f', tone[2], 0.3)),
    x,
    486,
    0.98,
    x < 600,
  );
  const behind = [
    heaven(art, moonX),
    rock,
    tower,
    water(art, 580, moonX),
    placed(boat(art), x < 600 ? 830 : 340, 640, 0.5),
    land(near, tone[3]),
  ];
  return { behind: behind.join(''), before: grass(art, hills(art.random, 792, 4), false), ground: near, room };
}

export function space(art: Art): Scene {
  const { random, palette } = art;
  const { moonX, far: x, room } = sides(art);
  const planet = random.pick(['#d98c62', '#6fa39a', '#d7b46a', '#7d93bf']);
  const [y, r] = [random.between(190, 270), random.between(96, 130)];
  const ring = (front: boolean) =>
    stroke(
      d`M${x - r * 1.8} ${y + 26}A${r * 1.84} ${r * 0.44} -9 0 ${front ? 0 : 1} ${x + r * 1.8} ${y - 26}`,
      '#f3dfb4',
      11,
      { opacity: 0.75 },
    );
  const bands = [-0.45, -0.08, 0.36].map((share) => {
    const half = Math.sqrt(1 - share * share) * r;
    return stroke(
      d`M${x - half + 5} ${y + share * r}Q${x} ${y + share * r + 24} ${x + half - 5} ${y + share * r}`,
      mix(planet, '#fff1d0', 0.35),
      10,
      { opacity: 0.5 },
    );
  });
  const near: Ground = (at) => 700 - 60 * Math.sin((at / 1200) * Math.PI) + 5 * Math.sin(at / 40);
  const soil = mix('#b9b3a6', palette.land[2], 0.5);
  const craters = Array.from({ length: 9 }, () => {
    const [cx, cy, rx] = [random.between(40, 1160), random.between(712, 785), random.between(24, 64)];
    return (
      ellipse({ cx, cy, rx, ry: rx * 0.24 }, palette.land[2], { opacity: 0.75 }) +
      ellipse({ cx: cx + 2, cy: cy + 3, rx: rx * 0.9, ry: rx * 0.18 }, mix(soil, '#ffffff', 0.12))
    );
  });
  const rocket = [
    glow(0, 20, 70),
    path('M-12 2Q0 64 12 2Z', '#ffc868'),
    path('M-26 -10Q-52 10 -44 34L-20 12ZM26 -10Q52 10 44 34L20 12Z', '#b4573f'),
    path('M-28 10Q-40 -84 0 -150Q40 -84 28 10Z', '#efe6d4'),
    path('M-20 -100Q0 -130 0 -150Q0 -130 20 -100Q0 -90 -20 -100Z', '#b4573f'),
    circle(0, -62, 14, '#5f8aa0', { stroke: '#b8a88c', 'stroke-width': 5 }),
  ].join('');
  const behind = [
    stars(art, 240, 790),
    circle(moonX, 150, 34, palette.moon, { opacity: 0.9 }),
    circle(moonX, 150, 120, 'url(#halo)'),
    ring(false),
    circle(x, y, r, planet),
    ...bands,
    path(d`M${x} ${y - r}A${r} ${r} 0 0 1 ${x} ${y + r}A${r * 1.5} ${r * 1.5} 0 0 0 ${x} ${y - r}Z`, palette.sky[0], {
      opacity: 0.28,
    }),
    ring(true),
    element('g', { transform: d`rotate(${x < 600 ? 28 : -28} ${moonX} 400)` }, placed(rocket, moonX, 430, 1)),
    land(near, soil),
    ...craters,
  ];
  return { behind: behind.join(''), before: '', ground: (at) => near(at) + 22, room };
}

export function desert(art: Art): Scene {
  const { land: tone, sky } = art.palette;
  const { moonX, far: x, room } = sides(art);
  const [far, middle, near] = ridges(art, [520, 600, 690]);
  const sand = (share: number, at: number) => mix('#dca86c', tone[at] ?? tone[4], share);
  const plants = [
    placed(cactus(tone[3]), x, middle(x) + 20, 1.6),
    placed(cactus(mix(tone[2], tone[3], 0.5)), x + 130, middle(x + 130) + 10, 0.95, true),
    placed(cactus(tone[2]), x - 190, far(x - 190) + 8, 0.55),
  ];
  const behind = [
    heaven(art, moonX),
    land(far, sand(0.55, 0)),
    land(middle, sand(0.5, 1)),
    ...plants,
    land(near, sand(0.55, 3)),
    path(d`M0 ${near(0) + 60}Q300 ${near(300) + 20} 620 ${near(600) + 62}T1200 ${near(1200) + 50}V800H0Z`, sky[0], {
      opacity: 0.14,
    }),
  ];
  return { behind: behind.join(''), before: '', ground: (at) => near(at) + 14, room };
}

export function mountainRange(art: Art): Scene {
  const { land: tone, sky } = art.palette;
  const { moonX, room } = sides(art);
  const [, middle, near] = ridges(art, [500, 600, 690]);
  const behind = [
    heaven(art, moonX, 130),
    mountains(art, 640, 250, tone[0], mix('#ffffff', sky[3], 0.3)),
    mountains(art, 680, 370, tone[1], mix('#ffffff', sky[2], 0.4)),
    land(middle, tone[2]),
    firs(art, middle, tone[3], 110, 50),
    land(near, mix(tone[3], tone[4], 0.3)),
  ];
  return { behind: behind.join(''), before: grass(art, hills(art.random, 786, 6), true), ground: near, room };
}

export function snow(art: Art): Scene {
  const { random, palette } = art;
  const { land: tone } = palette;
  const { moonX, far: x, room } = sides(art);
  const [far, middle, near] = ridges(art, [500, 580, 684]);
  const white = (share: number) => mix('#f4f3ee', tone[1], share);
  const flakes = Array.from({ length: 110 }, () =>
    circle(random.between(0, 1200), random.between(0, 800), random.between(1.4, 4.2), '#ffffff', {
      opacity: random.between(0.35, 0.85),
    }),
  );
  const cottage = house(art, mix('#a9745a', tone[2], 0.4), white(0.12));
  const behind = [
    heaven(art, moonX),
    land(far, white(0.62)),
    firs(art, far, tone[1], 80, 46),
    land(middle, white(0.42)),
    placed(cottage, x, middle(x) + 12, 1.3),
    firs(art, middle, tone[2], 150, 190),
    land(near, white(0.2)),
    path(
      d`M0 ${near(0) + 70}Q400 ${near(400) + 30} 760 ${near(760) + 74}T1200 ${near(1200) + 40}V800H0Z`,
      white(0.36),
      { opacity: 0.6 },
    ),
  ];
  return { behind: behind.join(''), before: flakes.join(''), ground: (at) => near(at) + 12, room };
}

export function lake(art: Art): Scene {
  const { land: tone } = art.palette;
  const { moonX, far: x, room } = sides(art);
  const [far, , near] = ridges(art, [450, 560, 722]);
  const shore = hills(art.random, 520, 8);
  const behind = [
    heaven(art, moonX),
    mountains(art, 520, 300, tone[0], mix('#ffffff', tone[0], 0.4)),
    land((at) => far(at) + 40, tone[1]),
    firs(art, (at) => far(at) + 40, tone[2], 90, 34),
    land(shore, tone[2]),
    water(art, 528, moonX),
    placed(boat(art), x, 620, 0.8),
    land(near, tone[3]),
  ];
  const reeds = [60, 96, 1100, 1142, 1180].map(
    (at) =>
      stroke(d`M${at} 800Q${at + 6} 720 ${at + 2} 650`, tone[4], 5) +
      ellipse({ cx: at + 2, cy: 636, rx: 7, ry: 24 }, mix('#7a5238', tone[4], 0.35)),
  );
  return {
    behind: behind.join(''),
    before: reeds.join('') + grass(art, hills(art.random, 788, 4), false),
    ground: near,
    room,
  };
}

export function island(art: Art): Scene {
  const { land: tone } = art.palette;
  const { moonX, far: x, room } = sides(art);
  const near = hills(art.random, 706, 12);
  const sand = mix('#dcb27c', tone[2], 0.42);
  const hill = path(d`M${x - 250} 560Q${x - 90} 440 ${x} 450T${x + 260} 560Z`, tone[1]);
  const front = x < 600 ? 120 : 1080;
  const behind = [
    heaven(art, moonX),
    hill,
    placed(palm(tone[2]), x - 40, 464, 1.1),
    placed(palm(tone[2]), x + 60, 476, 0.8, true),
    water(art, 540, moonX),
    placed(boat(art), moonX, 610, 0.62),
    land(near, sand),
    placed(palm(tone[4]), front, near(front) + 14, 4.1, x > 600),
    placed(palm(tone[4]), front + (x < 600 ? -60 : 60), near(front) + 24, 2.8, x < 600),
  ];
  return { behind: behind.join(''), before: '', ground: (at) => near(at) + 18, room };
}
