import type { Art, Ground } from './art.ts';
import { glow } from './buildings.ts';
import { hills, land } from './land.ts';
import { weed } from './plants.ts';
import type { Scene } from './scene.ts';
import { moon, stars } from './sky.ts';
import { circle, d, element, ellipse, mix, path, placed, rect, stroke } from './svg.ts';

/** A room in the evening: a window with the night in it, a lamp, a bed. */
export function bedroom(art: Art): Scene {
  const { palette, random } = art;
  const { land: tone, sky } = palette;
  const left = random.chance(0.5);
  const [lampX, bedX] = left ? [330, 800] : [870, 80];
  const quilt = random.pick(['#b4664f', '#5f8aa0', '#7c9a6a', '#c99a54']);
  const wall = mix(tone[2], '#8d6d55', 0.3);
  const pane = { x: 410, y: 96, width: 380, height: 350 };
  const outside = element(
    'g',
    { 'clip-path': 'url(#pane)' },
    rect(pane, 'url(#sky)') +
      stars(art, 70, 420) +
      moon(art, random.between(520, 690), 200) +
      land(hills(random, 420, 26), tone[1]),
  );
  const frame = [
    rect(pane, 'none', { stroke: mix('#c9a47c', tone[2], 0.3), 'stroke-width': 18, rx: 6 }),
    stroke(d`M600 100V442M410 270H790`, mix('#c9a47c', tone[2], 0.3), 10),
    rect({ x: 380, y: 446, width: 440, height: 20 }, mix('#c9a47c', tone[2], 0.25), { rx: 6 }),
  ].join('');
  const curtain = mix(quilt, tone[2], 0.35);
  const curtains = [
    path('M330 70H470Q470 260 372 476H330Z', curtain),
    path('M870 70H730Q730 260 828 476H870Z', curtain),
    rect({ x: 310, y: 58, width: 580, height: 14 }, mix('#c9a47c', tone[3], 0.4), { rx: 7 }),
    stroke(
      'M368 76Q372 300 346 470M414 76Q412 280 358 474M832 76Q828 300 854 470M786 76Q788 280 842 474',
      mix(curtain, tone[4], 0.3),
      4,
      { opacity: 0.5 },
    ),
  ].join('');
  const floor = rect({ x: 0, y: 610, width: 1200, height: 190 }, mix(tone[3], '#8d6d55', 0.3));
  const rug =
    ellipse({ cx: 600, cy: 720, rx: 330, ry: 54 }, mix(quilt, tone[3], 0.55)) +
    ellipse({ cx: 600, cy: 720, rx: 270, ry: 40 }, mix('#e8d3b0', tone[2], 0.5)) +
    ellipse({ cx: 600, cy: 720, rx: 210, ry: 28 }, mix(quilt, tone[3], 0.4));
  const bed = [
    rect({ x: bedX, y: 430, width: 320, height: 220 }, mix('#9a6f4c', tone[3], 0.4), { rx: 26 }),
    rect({ x: bedX + 14, y: 520, width: 292, height: 150 }, quilt, { rx: 26 }),
    ellipse({ cx: bedX + 160, cy: 520, rx: 112, ry: 36 }, '#f1e6d3'),
    stroke(
      d`M${bedX + 20} 590H${bedX + 300}M${bedX + 20} 640H${bedX + 300}M${bedX + 90} 548V668M${bedX + 160} 548V668M${bedX + 230} 548V668`,
      mix(quilt, '#f6ead2', 0.35),
      4,
      { opacity: 0.7 },
    ),
  ].join('');
  const stand = [
    glow(lampX, 430, 330, 0.9),
    rect({ x: lampX - 60, y: 540, width: 120, height: 100 }, mix('#9a6f4c', tone[3], 0.35), { rx: 8 }),
    circle(lampX, 588, 5, '#e0b878'),
    rect({ x: lampX - 5, y: 470, width: 10, height: 72 }, '#b98458'),
    ellipse({ cx: lampX, cy: 540, rx: 28, ry: 7 }, '#b98458'),
    path(d`M${lampX - 30} 400H${lampX + 30}L${lampX + 52} 478H${lampX - 52}Z`, '#ffdc8f'),
  ].join('');
  const ground: Ground = () => 742;
  const behind = [
    rect({ x: 0, y: 0, width: 1200, height: 800 }, wall),
    ...Array.from({ length: 12 }, (_, index) =>
      rect({ x: index * 100 + 20, y: 0, width: 34, height: 612 }, sky[3], { opacity: 0.035 }),
    ),
    outside,
    frame,
    curtains,
    floor,
    bed,
    rug,
    stand,
  ];
  return {
    behind: element('clipPath', { id: 'pane' }, rect(pane, '#000')) + behind.join(''),
    before: '',
    ground,
    room: { from: 430, to: 770 },
  };
}

const whaleShape = [
  path('M196 -10Q250 -70 292 -62Q270 -30 276 8Q230 20 180 22Z', '#4f7590'),
  path('M-190 10Q-170 -96 -10 -92Q130 -86 214 0Q120 74 -40 78Q-176 76 -190 10Z', '#5b84a0'),
  path('M-186 26Q-60 56 90 52Q20 80 -50 78Q-166 74 -186 26Z', '#cfdcdc'),
  stroke('M-130 52Q-60 66 20 62M-140 40Q-50 56 50 50', '#9db6bd', 3, { opacity: 0.7 }),
  path('M-20 58Q10 118 62 116Q52 78 34 48Z', '#4f7590'),
  circle(-118, -6, 8, '#23303f'),
  circle(-121, -9, 2.6, '#ffffff'),
  stroke('M-170 24Q-140 36 -112 22', '#3b5f78', 4),
].join('');

/** Under the sea, where the moon's light comes down in beams; nobody stands there, so fishes swim. */
export function underwater(art: Art): Scene {
  const { random, palette } = art;
  const deep = ['#3b8088', '#276472', '#18495c', '#0f3347'] as const;
  const back = rect({ x: 0, y: 0, width: 1200, height: 800 }, 'url(#deep)');
  const beams = Array.from({ length: 6 }, (_, index) => {
    const x = 120 + index * 190 + random.between(-60, 60);
    return path(
      d`M${x} -10L${x + 70} -10L${x + random.between(-20, 120)} 660L${x - random.between(120, 220)} 660Z`,
      palette.moon,
      { opacity: random.between(0.05, 0.1) },
    );
  });
  const fish = (x: number, y: number, size: number, colour: string, mirrored: boolean) =>
    placed(
      [
        path('M44 0Q74 -34 84 -26Q76 0 84 26Q74 34 44 0Z', mix(colour, '#ffffff', 0.15)),
        path('M-56 0Q-20 -44 50 0Q-20 44 -56 0Z', colour),
        path('M-12 -24Q4 -44 24 -26Q8 -20 -12 -24Z', mix(colour, '#2a2430', 0.2)),
        stroke('M-14 -18Q-4 0 -14 18M6 -20Q16 0 6 20', '#f6ead2', 5, { opacity: 0.65 }),
        circle(-34, -5, 5.6, '#2a2430'),
        circle(-36, -7, 2, '#ffffff'),
      ].join(''),
      x,
      y,
      size / 100,
      mirrored,
    );
  const tints = ['#e59a5c', '#d7b46a', '#d98478', '#8fb7a8', '#e7dcc0'] as const;
  const fishes = Array.from({ length: 9 }, (_, index) =>
    fish(
      90 + index * 125 + random.between(-40, 40),
      random.between(170, 560),
      random.between(42, 92),
      random.pick(tints),
      random.chance(0.5),
    ),
  );
  const whale = placed(whaleShape, random.between(420, 760), random.between(220, 290), 1.15, random.chance(0.5));
  const bubbles = Array.from({ length: 34 }, () =>
    circle(random.between(0, 1200), random.between(60, 720), random.between(3, 11), 'none', {
      stroke: '#e7f2ee',
      'stroke-width': 1.6,
      opacity: random.between(0.3, 0.7),
    }),
  );
  const floor = hills(random, 690, 26);
  const far = hills(random, 630, 30);
  const corals = Array.from({ length: 7 }, () => {
    const x = random.between(40, 1160);
    const [y, colour] = [floor(x) + 14, random.pick(['#d98478', '#e5a96c', '#c9778a'] as const)];
    return [-34, -12, 10, 32]
      .map(
        (turn) =>
          stroke(d`M${x} ${y}q${turn * 0.5} -40 ${turn * 1.3} -74`, colour, 11) +
          circle(x + turn * 1.3, y - 74, 8, colour),
      )
      .join('');
  });
  const behind = [
    back,
    ...beams,
    whale,
    land(far, deep[1]),
    weed(art, far, [deep[2], '#2d7470']),
    land(floor, mix('#c7ad83', deep[2], 0.55)),
    ...corals,
    weed(art, floor, ['#2f8072', '#3f9478', deep[2]]),
    ...fishes,
    ...bubbles,
  ];
  return { behind: behind.join(''), before: '', ground: floor, room: { from: 0, to: 0 } };
}
