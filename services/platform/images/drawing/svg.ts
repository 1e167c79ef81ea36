import { escapeMarkup } from '#platform/escape-markup.ts';

type Value = string | number;
export type Attributes = Readonly<Record<string, Value>>;

const written = (value: Value): string =>
  typeof value === 'number' ? String(Math.round(value * 10) / 10) : escapeMarkup(value);

/** An element; its values are escaped, `children` are elements. */
export function element(name: string, attributes: Attributes, children = ''): string {
  const list = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${written(value)}"`)
    .join('');
  return children === '' ? `<${name}${list}/>` : `<${name}${list}>${children}</${name}>`;
}

/** The data of a path; numbers keep one decimal. */
export const d = (parts: TemplateStringsArray, ...values: readonly Value[]): string =>
  String.raw({ raw: parts }, ...values.map(written));

export const path = (data: string, fill: string, more: Attributes = {}): string =>
  element('path', { d: data, fill, ...more });

/** A line without a filling. */
export const stroke = (data: string, colour: string, width: number, more: Attributes = {}): string =>
  element('path', { d: data, fill: 'none', stroke: colour, 'stroke-width': width, 'stroke-linecap': 'round', ...more });

export const circle = (cx: number, cy: number, r: number, fill: string, more: Attributes = {}): string =>
  element('circle', { cx, cy, r, fill, ...more });

interface Ellipse {
  readonly cx: number;
  readonly cy: number;
  readonly rx: number;
  readonly ry: number;
  /** Degrees. */
  readonly turn?: number;
}

export const ellipse = ({ cx, cy, rx, ry, turn = 0 }: Ellipse, fill: string, more: Attributes = {}): string =>
  element('ellipse', {
    cx,
    cy,
    rx,
    ry,
    fill,
    ...(turn !== 0 && { transform: d`rotate(${turn} ${cx} ${cy})` }),
    ...more,
  });

export const rect = (
  { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  fill: string,
  more: Attributes = {},
): string => element('rect', { x, y, width, height, fill, ...more });

/** Elements moved and scaled; a negative `scaleX` mirrors them. */
export const placed = (children: string, x: number, y: number, scale: number, mirrored = false): string =>
  element(
    'g',
    {
      transform: `translate(${written(x)} ${written(y)}) scale(${(mirrored ? -scale : scale).toFixed(3)} ${scale.toFixed(3)})`,
    },
    children,
  );

export interface Stop {
  readonly at: number;
  readonly colour: string;
  readonly opacity?: number;
}

const stops = (list: readonly Stop[]): string =>
  list
    .map(({ at, colour, opacity = 1 }) => `<stop offset="${at}" stop-color="${colour}" stop-opacity="${opacity}"/>`)
    .join('');

/** From the top to the bottom. */
export const vertical = (id: string, list: readonly Stop[]): string =>
  element('linearGradient', { id, x1: 0, y1: 0, x2: 0, y2: 1 }, stops(list));

/** From the left to the right. */
export const horizontal = (id: string, list: readonly Stop[]): string => element('linearGradient', { id }, stops(list));

export const radial = (id: string, list: readonly Stop[]): string => element('radialGradient', { id }, stops(list));

/** A colour between two, both `#rrggbb`; `share` of the second. */
export function mix(from: string, to: string, share: number): string {
  const channel = (colour: string, at: number): number => Number.parseInt(colour.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => Math.round(channel(from, at) * (1 - share) + channel(to, at) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
