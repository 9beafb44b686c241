/** The metric over one dimension: every trial, and medians of groups of neighbors with their band. */
import { clipped, colors, type Panel, short } from '@keepprob/lens/page';
import * as Plot from '@observablehq/plot';
import type { Dimension } from '../../contract.ts';
import { numberIn } from '../../space/points.ts';
import type { Seen, Subject } from '../reported.ts';
import { NONE, named } from '../words.ts';
import { byPlace, type Group, groupsOf, type Placed, type Spread } from './groups.ts';
import { drawnOnEdge, metricAxis } from './metric.ts';
import { type Range, rangeOf } from './range.ts';
import { type Scale, scaleOf } from './scale.ts';

interface Dot extends Placed {
  readonly seen: Seen;
}

interface Slice {
  readonly dimension: Dimension;
  readonly scale: Scale;
  /** The complete trials that have the dimension. */
  readonly dots: readonly Dot[];
  readonly pruned: readonly Dot[];
  readonly groups: readonly Group[];
  readonly range: Range;
}

function sliceOf({ seen, sign }: Subject, dimension: Dimension): Slice {
  const scale = scaleOf(dimension);
  const placed = (isShown: (trial: Seen) => boolean): Dot[] =>
    seen.filter(isShown).flatMap(trial => {
      const x = numberIn(trial.trial.point, dimension.name);
      if (x === undefined || !trial.dev) return [];
      return [{ at: scale.place(x), dev: trial.dev.value, train: trial.train?.value ?? null, seen: trial }];
    });
  const dots = placed(({ isComplete }) => isComplete);
  const pruned = placed(({ trial }) => trial.state === 'pruned');
  const groups = dimension.kind === 'choice' ? byPlace(dots) : groupsOf(dots);
  const shown = [...dots.flatMap(({ dev, train }) => [dev, train ?? dev]), ...pruned.map(({ dev }) => dev)];
  return { dimension, scale, dots, pruned, groups, range: rangeOf(shown, sign) };
}

export function slicePanel(subject: Subject, dimension: Dimension): Panel {
  const { searched, chosen } = subject.found;
  const slice = sliceOf(subject, dimension);
  const { scale, range, dots, groups } = slice;
  const hasTrain = dots.some(({ train }) => train !== null);
  const isCrowded = scale.ticks.reduce((sum, { label }) => sum + clipped(label).length + 2, 0) > 48;
  return {
    title: `${searched.metric} over ${named(dimension.name)}: validation (red)${hasTrain ? ', training (blue)' : ''}${drawnOnEdge(range)}`,
    rows: rowsOf(slice, searched.metric),
    options: {
      height: isCrowded ? 290 : 240,
      marginBottom: isCrowded ? 90 : 40,
      x: { domain: [-0.03, 1.03] },
      y: metricAxis(searched, range),
      marks: [
        Plot.axisX(
          scale.ticks.map(({ at }) => at),
          {
            tickFormat: (at: number) => clipped(scale.ticks.find(tick => tick.at === at)?.label ?? ''),
            ...{ label: scale.label, labelAnchor: 'center', labelArrow: 'none', labelOffset: isCrowded ? 84 : 36 },
            ...(isCrowded && { tickRotate: -35 }),
          },
        ),
        ...(scale.off === undefined ? [] : [Plot.ruleX([scale.off], { stroke: colors.ink, strokeDasharray: '3 3' })]),
        ...(dimension.kind === 'choice' ? barMarks(groups, range) : curveMarks(groups, range)),
        ...dotMarks(slice, chosen?.trial ?? null),
      ],
    },
  };
}

/** Medians and bands on validation or training rows, clamped to the range. */
const drawn = (groups: readonly Group[], range: Range, of: (group: Group) => Spread | null) =>
  groups.flatMap(group => {
    const spread = of(group);
    if (!spread) return [];
    const { median, low, high } = spread;
    return [{ at: group.at, value: range.clamp(median), low: range.clamp(low), high: range.clamp(high) }];
  });

const kinds = [
  { of: (group: Group) => group.train, color: colors.second },
  { of: (group: Group) => group.dev, color: colors.accent },
] as const;

const curveMarks = (groups: readonly Group[], range: Range): Plot.Markish[] =>
  groups.length < 2
    ? []
    : kinds.flatMap(({ of, color }) => {
        const points = drawn(groups, range, of);
        return [
          Plot.areaY(points, { x: 'at', y1: 'low', y2: 'high', fill: color, fillOpacity: 0.18 }),
          Plot.lineY(points, { x: 'at', y: 'value', stroke: color, strokeWidth: 2 }),
        ];
      });

const barMarks = (groups: readonly Group[], range: Range): Plot.Markish[] =>
  kinds.flatMap(({ of, color }) => {
    const points = drawn(groups, range, of);
    return [
      Plot.ruleX(points, { x: 'at', y1: 'low', y2: 'high', stroke: color, strokeWidth: 8, strokeOpacity: 0.25 }),
      Plot.text(points, { x: 'at', y: 'value', text: () => '—', fill: color, fontSize: 22, lineAnchor: 'middle' }),
    ];
  });

function dotMarks({ dots, pruned, range }: Slice, chosen: number | null): Plot.Markish[] {
  const at = (of: 'dev' | 'train') => ({ x: 'at', y: (dot: Dot) => range.clamp(dot[of] ?? Number.NaN) });
  const isChosen = dots.filter(({ seen }) => seen.trial.number === chosen);
  return [
    Plot.dot(
      dots.filter(({ train }) => train !== null),
      { ...at('train'), r: 2, fill: colors.second, fillOpacity: 0.6 },
    ),
    Plot.dot(pruned, { ...at('dev'), r: 2.5, stroke: colors.accent, strokeOpacity: 0.7 }),
    Plot.dot(dots, { ...at('dev'), r: 2.5, fill: colors.accent }),
    Plot.dot(isChosen, { ...at('dev'), r: 7, stroke: colors.ink, strokeWidth: 2 }),
  ];
}

const spreadInWords = ({ median, low, high }: Spread): string =>
  low === high ? short(median) : `${short(median)} (${short(low)} to ${short(high)})`;

const rowsOf = ({ groups, scale, dimension }: Slice, metric: string): string[][] => [
  [named(dimension.name), 'trials', `${metric}, validation: median and middle half`, 'training'],
  ...groups.map(({ from, to, trials, dev, train }) => {
    const [a, b] = [scale.at(from), scale.at(to)];
    const where = a === b ? a : `${a} to ${b}`;
    return [where, String(trials), spreadInWords(dev), train ? spreadInWords(train) : NONE];
  }),
];
