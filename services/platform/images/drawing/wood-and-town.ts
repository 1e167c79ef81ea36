import type { Art, Ground } from './art.ts';
import { camp, castle, glow, house, roofs } from './buildings.ts';
import { hills, land, mountains, trail } from './land.ts';
import { firs, grass, leafTrees, trunks } from './plants.ts';
import { heaven, ridges, type Scene, sides } from './scene.ts';
import { circle, d, ellipse, mix, path, placed, stroke } from './svg.ts';

export function forest(art: Art): Scene {
  const { land: tone } = art.palette;
  const { moonX } = sides(art);
  const [far, middle, near] = ridges(art, [470, 560, 680]);
  const behind = [
    heaven(art, moonX),
    land(far, tone[0]),
    firs(art, far, mix(tone[0], tone[1], 0.5), 110, 30),
    land(middle, tone[1]),
    firs(art, middle, tone[2], 180, 62),
    land(near, tone[3]),
    trail(near, 520, 640, tone[1]),
  ];
  return {
    behind: behind.join(''),
    before: trunks(art) + grass(art, hills(art.random, 784, 6), false),
    ground: near,
    room: { from: 330, to: 880 },
  };
}

export function village(art: Art): Scene {
  const { land: tone, sky } = art.palette;
  const { moonX, far: x, room } = sides(art);
  const [far, middle, near] = ridges(art, [490, 570, 690]);
  const wall = mix('#e8d3b0', tone[2], 0.42);
  const roof = mix('#a4573f', tone[3], 0.4);
  const houses = [
    placed(
      house(art, mix(wall, tone[1], 0.4), mix(roof, tone[1], 0.35)),
      x + (x < 600 ? 330 : -330),
      middle(x + (x < 600 ? 330 : -330)) + 6,
      0.62,
    ),
    placed(house(art, wall, roof), x, middle(x) + 14, 1.45),
    placed(
      house(art, mix(wall, tone[2], 0.3), mix(roof, tone[2], 0.3)),
      x + (x < 600 ? 170 : -170),
      middle(x + (x < 600 ? 170 : -170)) + 10,
      0.85,
      true,
    ),
  ];
  const behind = [
    heaven(art, moonX),
    land(far, tone[0]),
    leafTrees(art, far, mix(tone[0], tone[1], 0.6), 64, 90),
    land(middle, tone[1]),
    ...houses,
    land(near, tone[3]),
    trail(near, 600, x, mix(tone[2], sky[3], 0.12)),
  ];
  return { behind: behind.join(''), before: grass(art, hills(art.random, 788, 6), true), ground: near, room };
}

export function town(art: Art): Scene {
  const { land: tone } = art.palette;
  const { moonX, room } = sides(art);
  const near: Ground = (x) => 716 - 16 * Math.sin(x / 380);
  const behind = [
    heaven(art, moonX),
    roofs(art, 520, mix(tone[0], tone[1], 0.3), 70),
    roofs(art, 600, tone[1], 104),
    roofs(art, 690, tone[2], 150),
    land(near, tone[4]),
  ];
  const ridge = stroke(
    Array.from({ length: 31 }, (_, index) => d`${index === 0 ? 'M' : 'L'}${index * 40} ${near(index * 40) + 26}`).join(
      '',
    ),
    tone[3],
    4,
  );
  return { behind: behind.join(''), before: ridge, ground: near, room };
}

export function castleHill(art: Art): Scene {
  const { land: tone, sky } = art.palette;
  const { moonX, far: x, room } = sides(art);
  const [far, , near] = ridges(art, [520, 600, 700]);
  const top = 520;
  const mound = (at: number) => top + ((at - x) / 330) ** 2 * 120;
  const middle: Ground = (at) => Math.min(mound(at), 640 + 14 * Math.sin(at / 160));
  const wall = mix('#d8c3a5', tone[1], 0.45);
  const behind = [
    heaven(art, moonX),
    land(far, tone[0]),
    firs(art, far, mix(tone[0], tone[1], 0.5), 70, 44),
    placed(castle(art, wall, mix('#8d4f45', tone[2], 0.4)), x, top + 8, 1.02),
    land(middle, tone[1]),
    trail(near, 600, x, mix(tone[2], sky[3], 0.15)),
    leafTrees(art, (at) => middle(at) + 60, tone[2], 84, 170),
    land(near, tone[3]),
  ];
  return { behind: behind.join(''), before: grass(art, hills(art.random, 788, 6), true), ground: near, room };
}

export function garden(art: Art): Scene {
  const { random, palette } = art;
  const { land: tone } = palette;
  const { moonX, far: x, room } = sides(art);
  const [far, middle, near] = ridges(art, [500, 590, 694]);
  const strung = Array.from({ length: 3 }, (_, row) => {
    const y = 150 + row * 74;
    const bulbs = Array.from({ length: 11 }, (_, index) => {
      const share = (index + 0.5) / 11;
      const [bx, by] = [share * 1200, y + 4 * 52 * share * (1 - share) + 4];
      return glow(bx, by, 26, 0.8) + circle(bx, by, 4.4, '#ffdf9a');
    });
    return row === 0 ? stroke(d`M-10 ${y}Q600 ${y + 104} 1210 ${y}`, tone[4], 2.4) + bulbs.join('') : '';
  });
  const bushes = Array.from({ length: 12 }, (_, index) => {
    const bx = index * 110 + random.between(-30, 30);
    return ellipse(
      { cx: bx, cy: near(bx) + 8, rx: random.between(50, 90), ry: random.between(32, 58) },
      mix(tone[2], tone[3], random.between(0, 0.6)),
    );
  });
  const behind = [
    heaven(art, moonX),
    land(far, tone[0]),
    leafTrees(art, far, tone[1], 120, 110),
    land(middle, tone[1]),
    placed(house(art, mix('#e8d3b0', tone[2], 0.5), mix('#a4573f', tone[3], 0.45)), x, middle(x) + 10, 1.15),
    leafTrees(art, middle, tone[2], 190, 260),
    ...bushes,
    land(near, tone[3]),
    ...strung,
  ];
  return { behind: behind.join(''), before: grass(art, hills(random, 776, 8), true), ground: near, room };
}

export function campsite(art: Art): Scene {
  const { land: tone } = art.palette;
  const { moonX, far: x } = sides(art);
  const [far, middle, near] = ridges(art, [480, 580, 690]);
  const mirrored = x > 600;
  const behind = [
    heaven(art, moonX),
    mountains(art, 600, 330, tone[0], mix('#ffffff', tone[0], 0.4)),
    land(far, tone[1]),
    firs(art, far, mix(tone[1], tone[2], 0.6), 120, 36),
    land(middle, tone[2]),
    firs(art, middle, tone[3], 200, 210),
    land(near, tone[3]),
    placed(camp(art), x, near(x) + 20, 1.45, mirrored),
  ];
  return {
    behind: behind.join(''),
    before: grass(art, hills(art.random, 786, 6), false),
    ground: (at) => near(at) + 8,
    room: mirrored ? { from: 150, to: 540 } : { from: 690, to: 1060 },
  };
}

export function meadow(art: Art): Scene {
  const { random, palette } = art;
  const { land: tone } = palette;
  const { moonX, far: x, room } = sides(art);
  const [far, middle, near] = ridges(art, [510, 600, 690]);
  const flies = Array.from({ length: 22 }, () => {
    const [fx, fy] = [random.between(60, 1140), random.between(520, 740)];
    return glow(fx, fy, 16, 0.9) + circle(fx, fy, 2.4, '#fff0bd');
  });
  const oak = leafTree(tone[2], palette.sky[3], x, middle(x));
  const behind = [
    heaven(art, moonX),
    land(far, tone[0]),
    leafTrees(art, far, mix(tone[0], tone[1], 0.5), 54, 120),
    land(middle, tone[1]),
    oak,
    land(near, mix(tone[2], tone[3], 0.6)),
  ];
  return {
    behind: behind.join(''),
    before: grass(art, hills(random, 770, 10), true) + flies.join(''),
    ground: near,
    room,
  };
}

/** One old tree with a swing. */
const leafTree = (colour: string, light: string, x: number, y: number): string =>
  placed(
    [
      path('M-22 10Q-10 -60 -16 -130L16 -130Q12 -60 26 10Z', colour),
      ...[
        [-60, -170, 74],
        [50, -180, 80],
        [0, -230, 84],
        [-92, -214, 50],
        [98, -216, 52],
      ].map(([cx = 0, cy = 0, r = 0]) => circle(cx, cy, r, colour)),
      ellipse({ cx: -34, cy: -262, rx: 44, ry: 30, turn: -18 }, light, { opacity: 0.08 }),
      ellipse({ cx: 66, cy: -214, rx: 34, ry: 24, turn: 14 }, light, { opacity: 0.07 }),
      stroke('M70 -110V-22M104 -110V-22', colour, 2.6),
      stroke('M62 -22H112', colour, 6),
    ].join(''),
    x,
    y + 10,
    1.05,
  );
