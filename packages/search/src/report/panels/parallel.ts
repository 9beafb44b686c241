/** Parallel coordinates. The axes are horizontal and stacked, so that any number of them fits on a phone, with their names. */
import { clipped, colors, type Panel } from '@keepprob/lens/page';
import * as Plot from '@observablehq/plot';
import type { Dimension } from '../../contract.ts';
import { numberIn } from '../../space/points.ts';
import type { Seen, Subject } from '../reported.ts';
import { cellsOf, measured, named } from '../words.ts';
import { metricLabel } from './metric.ts';
import { rangeOf } from './range.ts';
import { scaleOf } from './scale.ts';

/** Distance between axes in pixels. */
const STEP = 48;
/** Half a tick, in steps. */
const TICK = 0.07;
/** Maximum number of lines, which must be distinguishable, and of axes. */
const MOST = { lines: 100, axes: 12 } as const;

interface Axis {
  readonly label: string;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** Position of a trial; undefined if it has none. */
  place(trial: Seen): number | undefined;
}

/** @param dimensions in the order of their axes */
export function parallelPanel(subject: Subject, dimensions: readonly Dimension[]): Panel {
  const { ranked, found } = subject;
  const lines = ranked.slice(0, MOST.lines);
  const best = Math.max(1, Math.ceil(ranked.length / 5));
  const axes = [...dimensions.slice(0, MOST.axes).map(axisOf), metricAxis(subject, lines)];
  const isChosen = ({ trial }: Seen): boolean => trial.number === found.chosen?.trial;
  const points = lines.flatMap((seen, rank) =>
    axes.map((axis, y) => ({ seen, rank, y, x: axis.place(seen) ?? Number.NaN, line: seen.trial.number })),
  );
  const of = (isShown: (point: (typeof points)[number]) => boolean, stroke: string, width: number, opacity: number) => {
    const data = points.filter(isShown);
    const look = { stroke, strokeWidth: width, strokeOpacity: opacity };
    return [
      Plot.line(data, { x: 'x', y: 'y', z: 'line', ...look }),
      Plot.dot(data, { x: 'x', y: 'y', r: 2, fill: stroke, fillOpacity: opacity }),
    ];
  };
  const left = [
    ...(ranked.length > MOST.lines ? [`the best ${MOST.lines} of ${ranked.length} trials`] : []),
    ...(dimensions.length > MOST.axes ? [`${MOST.axes} of ${dimensions.length} parameters`] : []),
  ];
  return {
    title: `Each line is a trial: the best ${best} red, "off" blue, the others grey, the chosen one thick${left.length ? `; ${left.join(', ')}` : ''}`,
    rows: [
      ['trial', ...dimensions.map(({ name }) => named(name)), found.searched.metric],
      ...lines.map(({ trial, dev }) => [String(trial.number), ...cellsOf(dimensions, trial.point), measured(dev)]),
    ],
    options: {
      height: STEP * axes.length + 24,
      ...{ marginTop: 28, marginBottom: 28, marginLeft: 16, marginRight: 16 },
      x: { axis: null, domain: [0, 1] },
      y: { axis: null, domain: [axes.length - 1, 0] },
      marks: [
        ...of(({ rank, seen }) => rank >= best && !seen.trial.isOff, colors.faint, 1, 0.35),
        ...of(({ rank, seen }) => rank < best && !seen.trial.isOff, colors.accent, 1.5, 0.8),
        ...of(({ seen }) => seen.trial.isOff, colors.second, 2, 1),
        ...of(({ seen }) => isChosen(seen), colors.accent, 4, 1),
        ...axisMarks(axes),
      ],
    },
  };
}

function axisOf(dimension: Dimension): Axis {
  const { label, ticks, place } = scaleOf(dimension);
  return {
    ...{ label, ticks },
    place({ trial }) {
      const x = numberIn(trial.point, dimension.name);
      return x === undefined ? undefined : place(x);
    },
  };
}

function metricAxis({ found, sign }: Subject, lines: readonly Seen[]): Axis {
  const values = lines.flatMap(({ dev }) => dev?.value ?? []);
  const { domain, clamp } = rangeOf(values, sign);
  const [low, high] = domain;
  const place = (value: number): number => (clamp(value) - low) / (high - low);
  const { ticks } = scaleOf({
    kind: 'float',
    name: '',
    when: [],
    off: undefined,
    low,
    high,
    log: false,
    step: undefined,
  });
  return {
    label: metricLabel(found.searched),
    ticks,
    place: ({ dev }) => (dev ? place(dev.value) : undefined),
  };
}

/** The line of an axis, its name above on the left, its ticks below. */
function axisMarks(axes: readonly Axis[]): Plot.Markish[] {
  const ticks = axes.flatMap(({ ticks }, y) => ticks.map(tick => ({ ...tick, y })));
  const names = axes.map(({ label }, y) => ({ label, y }));
  const halo = { stroke: 'var(--paper, white)', strokeWidth: 4, paintOrder: 'stroke' } as const;
  return [
    Plot.ruleY(names, { y: 'y', stroke: colors.ink, strokeOpacity: 0.5 }),
    Plot.ruleX(ticks, { x: 'at', y1: ({ y }) => y - TICK, y2: ({ y }) => y + TICK, stroke: colors.ink }),
    Plot.text(names, {
      y: 'y',
      text: 'label',
      frameAnchor: 'left',
      dy: -10,
      fontWeight: 600,
      fill: colors.ink,
      ...halo,
    }),
    Plot.text(ticks, {
      ...{
        x: 'at',
        y: 'y',
        text: (tick: { label: string }) => clipped(tick.label),
        dy: 11,
        fill: colors.faint,
        fontSize: 11,
      },
      ...halo,
    }),
  ];
}
