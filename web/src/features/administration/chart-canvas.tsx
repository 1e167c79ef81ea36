import 'uplot/dist/uPlot.min.css';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import { formatNumber } from '../../ui/format.ts';
import type { ChartData } from './chart-data.ts';
import { colourOf, lookOf, paleOf, useShownTheme } from './chart-look.ts';
import { pointSteps, wholeSteps } from './chart-steps.ts';

interface ChartCanvasProps {
  /** What it shows, in words. */
  readonly label: string;
  readonly data: ChartData;
  /** Short names of the points, for the axis. */
  readonly names: readonly string[];
  readonly shape: 'bars' | 'lines';
  readonly isWhole: boolean;
  readonly height: number;
  /** Which point is under the pointer. */
  readonly onPoint: (index: number | undefined) => void;
}

/** The drawing alone, as wide as its place. It is drawn anew where its lines, theme, language or direction change, else only its data. */
export default function ChartCanvas({ label, data, names, shape, isWhole, height, onPoint }: ChartCanvasProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const theme = useShownTheme();
  const { i18n } = useTranslation();
  const count = data.lines.length;
  const namesNow = useEffectEvent(() => names);
  const point = useEffectEvent(onPoint);
  const columns = useEffectEvent(() => columnsOf(data));
  // biome-ignore lint/correctness/useExhaustiveDependencies: theme and language are read from the page
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const options = optionsOf({ count, shape, isWhole, names: namesNow, onPoint: point });
    const drawn = new uPlot({ ...options, width: Math.max(1, element.clientWidth), height }, columns(), element);
    plot.current = drawn;
    const resized = new ResizeObserver(() => {
      const width = element.clientWidth;
      if (width > 0 && width !== drawn.width) drawn.setSize({ width, height });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      drawn.destroy();
      plot.current = undefined;
    };
  }, [count, shape, isWhole, height, theme, i18n.language]);
  useEffect(() => plot.current?.setData(columnsOf(data)), [data]);
  // Time goes from left to right in the canvas unless it is told otherwise, so the page's direction stays out of it.
  return <div ref={place} dir="ltr" role="img" aria-label={label} style={{ height }} className="overflow-hidden" />;
}

const columnsOf = ({ at, lines }: ChartData): uPlot.AlignedData => [
  at.map((_, index) => index),
  ...lines.map(({ values }) => [...values]),
];

interface Look extends Pick<ChartCanvasProps, 'shape' | 'isWhole' | 'onPoint'> {
  readonly count: number;
  readonly names: () => readonly string[];
}

function optionsOf({ count, shape, isWhole, names, onPoint }: Look): Omit<uPlot.Options, 'width' | 'height'> {
  const isRightToLeft = document.documentElement.dir === 'rtl';
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const axis: uPlot.Axis = {
    font,
    stroke: colourOf('--ink-soft'),
    grid: { stroke: colourOf('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    padding: [8, isRightToLeft ? 0 : 8, 0, isRightToLeft ? 8 : 0],
    scales: {
      x: { time: false, dir: isRightToLeft ? -1 : 1, range: (_, min, max) => [min - 0.5, max + 0.5] },
      y: { range: (_, _min, max) => [0, max > 0 ? max * 1.08 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 64,
        gap: 8,
        size: 32,
        incrs: [...pointSteps],
        values: (_, splits) => splits.map((index) => names()[index] ?? ''),
      },
      {
        ...axis,
        side: isRightToLeft ? 1 : 3,
        size: 52,
        space: 36,
        ...(isWhole && { incrs: [...wholeSteps] }),
        values: (_, splits) => splits.map((value) => formatNumber(value, { notation: 'compact' })),
      },
    ],
    series: [{}, ...Array.from({ length: count }, (_, index) => seriesOf(index, shape))],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
  };
}

function seriesOf(index: number, shape: ChartCanvasProps['shape']): uPlot.Series {
  const { token, dash } = lookOf(index);
  if (shape === 'bars') {
    const bars = uPlot.paths.bars?.({ size: [0.62, 40], radius: 0.12 });
    return { fill: colourOf('--lamp'), width: 0, points: { show: false }, ...(bars && { paths: bars }) };
  }
  return {
    stroke: colourOf(token),
    width: 2,
    dash: [...dash],
    points: { show: false },
    ...(index === 0 && { fill: paleOf('--lamp', 0.12) }),
  };
}
