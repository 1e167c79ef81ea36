import { readFileSync } from 'node:fs';
import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rasterise } from '../rasterise.ts';
import { drawCharacter } from './draw-character.ts';
import { drawScene } from './draw-scene.ts';
import { element, mix } from './svg.ts';
import { figureFirstIn, figuresIn, sceneIn, sceneNames } from './words.ts';

const seeds = Array.from({ length: 60 }, (_, index) => `story-${index}`);
const crowd = 'A fox, a bear and an owl with a dragon';

const library = z
  .array(z.object({ id: z.string(), name: z.string(), who: z.string() }))
  .parse(JSON.parse(readFileSync(new URL('../../../../library/characters.json', import.meta.url), 'utf8')));
/** Who cannot be drawn is a lamp. */
const inLibrary = {
  'fenna-umbrella-fox': 'fox',
  'bruno-night-baker': 'bear',
  'tuuli-wind-collector': 'girl',
  'odalys-lighthouse-keeper': 'grownUp',
  'kofi-star-mapper': 'boy',
  'grandmother-sesame': 'tortoise',
  'pim-and-pom': 'hedgehog',
  'captain-marmalade': 'cat',
  'nilufar-bridge-builder': 'grownUp',
  'ollo-shy-giant': 'lamp',
  'minou-library-mouse': 'mouse',
  'ravi-kite-maker': 'grownUp',
  'luma-lantern-moth': 'lamp',
  'old-barnacle': 'lamp',
  'zofia-clock-doctor': 'grownUp',
  'button-robot': 'robot',
  'amaru-cloud-shepherd': 'llama',
  'wren-whistle': 'child',
  'thistle-hill-dragon': 'dragon',
  'madame-plume': 'owl',
  'tomo-bath-otter': 'otter',
  'isolde-root-whisperer': 'badger',
  'jelani-ice-cream-maker': 'grownUp',
  'pebble-mountain-child': 'lamp',
  'noor-dream-gardener': 'grownUp',
  'gus-snail-racer': 'lamp',
};

/** Every element that a drawing may have; none of them runs, loads or says anything. */
const elements = /^(svg|defs|linearGradient|radialGradient|stop|clipPath|g|path|circle|ellipse|rect)$/;

function hold(svg: string): void {
  expect(svg.length).toBeLessThan(60_000);
  for (const [, name] of svg.matchAll(/<([a-zA-Z]+)/g)) expect(name).toMatch(elements);
  expect(svg).not.toMatch(/NaN|undefined|Infinity|href|style=|on[a-z]+=|&(?!amp;|lt;|gt;|quot;|#39;)/);
  expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/https?:|data:/);
  for (const [, id] of svg.matchAll(/url\(#(\w+)\)/g)) expect(svg).toContain(`id="${id}"`);
  // Throws where it is not well-formed.
  new Resvg(svg, { font: { loadSystemFonts: false } });
}

describe('a scene', () => {
  it.each(sceneNames)('%s is small, well-formed and inert, whatever the seed', (name) => {
    for (const seed of seeds) hold(drawScene(seed, `${name === 'sea' ? 'ocean' : name} ${crowd}`));
  });

  it('follows from its seed and its words', () => {
    const [once, again] = [1, 2].map(() => drawScene('a', 'A fox in the forest'));
    expect(once === again).toBe(true);
    expect(drawScene('a', 'A fox in the forest') === drawScene('b', 'A fox in the forest')).toBe(false);
    expect(drawScene('a', 'A fox in the forest') === drawScene('a', 'A bear in the forest')).toBe(false);
    expect(drawScene('a', 'A fox in the forest') === drawScene('a', 'A fox in the desert')).toBe(false);
  });

  it('looks different from seed to seed, also where the words say nothing', () => {
    expect(new Set(seeds.map((seed) => drawScene(seed, 'castle'))).size).toBe(seeds.length);
    expect(new Set(seeds.map((seed) => drawScene(seed, ''))).size).toBe(seeds.length);
  });

  it('holds nothing of the words', () => {
    const words = `</svg><script>alert(1)</script> "onload='x' &entity; Mia of Elmhurst \u0000\ud800 forest`;
    hold(drawScene('a', words));
    expect(drawScene('a', words) === drawScene('a', 'forest')).toBe(true);
    expect(drawScene(words, 'forest')).not.toContain('Mia');
  });

  it('takes a text of any length in little time', () => {
    const begin = performance.now();
    drawScene('a', 'x '.repeat(500_000));
    drawCharacter('a', 'wal'.repeat(500_000));
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});

describe('a portrait', () => {
  it.each([
    'fox',
    'Dragon',
    'an old witch',
    'Tom, a brave boy',
    'ein Igel',
    'a badger',
    'a llama',
    'a tortoise',
    'an otter',
    'a keeper',
    '',
  ])('of %s is small, well-formed and inert', (words) => {
    for (const seed of seeds.slice(0, 10)) {
      const [once = '', again] = [1, 2].map(() => drawCharacter(seed, words));
      hold(once);
      expect(once === again).toBe(true);
    }
  });
});

describe('whom a portrait shows', () => {
  it.each([
    ['A llama who herds the clouds. Amaru', 'llama'],
    ['A tortoise of a hundred and eleven years. Grandmother Sesame', 'tortoise'],
    ['An otter who keeps a bathhouse', 'otter'],
    ['Ein Dachs im Wald', 'badger'],
    ['A lighthouse keeper who reads letters to the seals', 'grownUp'],
    ['A child who teaches the birds to sign', 'child'],
    ['A snail whom a fox overtakes', undefined],
    ['A whale with a garden of seaweed, and a cat', undefined],
    ['Somebody', undefined],
    ['A kind old bear', 'bear'],
    ['Kind old bear', 'bear'],
    ['A kind, gentle hedgehog', 'hedgehog'],
    ['A kind woman', 'grownUp'],
    ['Ein neugieriges Kind mit einem Hund', 'child'],
    ['Kinder im Wald', 'child'],
    ['Mother Bear', 'bear'],
    ['A doctor hedgehog', 'hedgehog'],
    ['A pirate cat', 'cat'],
    ['A child with a dog', 'child'],
    ['A girl riding a horse', 'girl'],
    ['A boy feeding cats', 'boy'],
    ['A witch and her cat', 'witch'],
    ['Mother Goose', undefined],
    ['A gardener who talks to hedgehogs', 'grownUp'],
    ['A giant friendly bear', 'bear'],
    ['A shy giant who hides behind hills', undefined],
    ['A moth-eaten teddy', 'bear'],
    ['A girl with a ponytail', 'girl'],
    ['A ponytailed girl', 'girl'],
    ['Somebody who has been a fox', 'fox'],
    ['A kinder bear', 'bear'],
    ['Un chevalier', 'knight'],
    ['Deux chevaux et un chat', undefined],
    ['Two ponies and a cat', undefined],
    ['Drei Gänse und ein Fuchs', undefined],
    ['Ein Pferdchen, das eine Katze trägt', undefined],
  ] as const)('%s', (words, figure) => {
    expect(figureFirstIn(words)?.name).toBe(figure);
  });

  it('is as they are in the library', () => {
    const shown = library.map(({ id, name, who }) => [id, figureFirstIn([who, name].join('. '))?.name ?? 'lamp']);
    expect(Object.fromEntries(shown)).toEqual(inLibrary);
  });

  it.each([
    ['A ginger cat who steers a boat', '#d08a4c'],
    ['A big, brown mother bear', '#8d6547'],
    ['A black-and-white cat', '#e6e1d8'],
    ['White, a cat', undefined],
    ['A cat with a ginger scarf', undefined],
    ['A woman in black', undefined],
    ['A constructor cat', undefined],
  ])('%s has the coat that the words say', (words, coat) => {
    expect(figureFirstIn(words)?.coat).toBe(coat);
    const usual = drawCharacter('a', `A ${figureFirstIn(words)?.name}`);
    const drawn = drawCharacter('a', words);
    hold(drawn);
    if (coat) expect([drawn.includes(coat), usual.includes(coat)]).toEqual([true, false]);
  });

  it('is a lamp rather than somebody else', () => {
    expect(drawCharacter('a', 'A snail whom a fox overtakes') === drawCharacter('a', '')).toBe(true);
    expect(drawCharacter('a', 'A fox') === drawCharacter('a', '')).toBe(false);
  });
});

describe('what words speak of', () => {
  it.each([
    ['A fox in a dark forest', 'forest', ['fox']],
    ['Der Bär schläft in seinem Bett', 'bedroom', ['bear']],
    ['Dos niños y un gato en el castillo', 'castle', ['child', 'cat']],
    ['Une chouette sur le phare', 'lighthouse', ['owl']],
    ['Медведь и заяц в лесу', 'forest', ['bear', 'rabbit']],
    ['قطة في الصحراء', 'desert', ['cat']],
    ['A small boat on the wide ocean', 'sea', []],
    ['An octopus under the sea', 'underwater', []],
    ['Two hedgehogs in the snow', 'snow', ['hedgehog']],
    ['A season of reasons, said the beard to the catalogue', undefined, []],
  ] as const)('%s', (text, scene, figures) => {
    expect(sceneIn(text)).toBe(scene);
    expect(figuresIn(text, 3).map(({ name }) => name)).toEqual(figures);
  });

  it('takes the place that is spoken of most, of several the first, and no more figures than fit', () => {
    expect(sceneIn('From the castle they saw the forest, and the forest was dark')).toBe('forest');
    expect(sceneIn('From the castle they saw the forest')).toBe('castle');
    expect(figuresIn('cat, dog, owl, fox', 3).map(({ name }) => name)).toEqual(['cat', 'dog', 'owl']);
  });
});

describe('a drawing as PNG', () => {
  it.each(sceneNames)('%s is small enough for a mail', async (name) => {
    const png = Buffer.from(await rasterise(drawScene('mail', `${name === 'sea' ? 'ocean' : name} ${crowd}`)));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([600, 480]).toContain(png.readUInt32BE(16));
    expect(png.length).toBeLessThanOrEqual(200 * 1024);
  });

  it('fails where it is none', async () => {
    await expect(rasterise('<svg')).rejects.toThrow();
    await expect(rasterise('no picture')).rejects.toThrow();
  });
});

it('escapes what is written into an attribute', () => {
  expect(element('g', { id: `"><script>'&` })).toBe('<g id="&quot;&gt;&lt;script&gt;&#39;&amp;"/>');
  expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
});
