/// <reference types="node" />
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(`${import.meta.dirname}/tokens.css`, 'utf8');

type Colours = Readonly<Record<string, readonly [number, number, number]>>;

function coloursOf(selector: string): Colours {
  const start = css.indexOf(`${selector} {`);
  const block = css.slice(start, css.indexOf('}', start));
  const found = block.matchAll(/--([a-z-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g);
  return Object.fromEntries(Array.from(found, ([, name, l, c, h]) => [name, [Number(l), Number(c), Number(h)]]));
}

/** Relative luminance of an OKLCH colour: OKLab to linear sRGB (https://bottosson.github.io/posts/oklab/), then WCAG 2. */
function luminance([lightness, chroma, hue]: readonly [number, number, number]): number {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  const red = clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(colours: Colours, one: string, other: string): number {
  const first = colours[one];
  const second = colours[other];
  if (!first || !second) throw new Error(`There is no token ${first ? other : one}.`);
  const [dark = 0, light = 0] = [luminance(first), luminance(second)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['paper', 'surface', 'sunken'];
const pairs: readonly (readonly [string, string, number])[] = [
  ...grounds.map((ground) => ['ink', ground, 12] as const),
  ...grounds.map((ground) => ['ink-soft', ground, 4.8] as const),
  ...['good', 'warn', 'bad'].flatMap((state) => grounds.map((ground) => [state, ground, 4.5] as const)),
  // Links are text.
  ...grounds.map((ground) => ['lamp-strong', ground, 4.5] as const),
  ...grounds.map((ground) => ['edge', ground, 3] as const),
  ...['keyword', 'string', 'number', 'comment', 'name', 'type'].map((ink) => [`code-${ink}`, 'sunken', 4.5] as const),
  ['lamp-ink', 'lamp', 4.5],
  // A row of the sidebar that is open or under the pointer.
  ['ink', 'line', 4.5],
  ['ink-soft', 'line', 4.5],
];

const dark = coloursOf(':root[data-theme="dark"]');

describe.each([
  ['light', coloursOf(':root')],
  ['dark', dark],
])('the %s theme', (_, colours) => {
  test.each(pairs)('%s on %s has a contrast of at least %s', (one, other, least) => {
    expect(contrast(colours, one, other)).toBeGreaterThanOrEqual(least);
  });
});

test('the system’s dark theme is the chosen one', () => {
  expect(coloursOf(':root:not([data-theme="light"])')).toEqual(dark);
});
