/** The result of `diagnose` as text and as a figure. */
import * as Plot from '@observablehq/plot';
import { differencePanel } from '../finding/differencePanel.ts';
import { colors, type Figure, nameMargin, type Panel } from '../finding/picture.ts';
import { short, table, withError } from '../finding/terminal.ts';
import type { Measured } from '../statistics/measured.ts';
import type { CheckedOptions } from './diagnoseOptions.ts';
import type { DropoutEffect, Effect } from './dropoutEffect.ts';
import type { BiasVariance } from './judge.ts';
import type { Diagnosis } from './types.ts';

type Found = Omit<Diagnosis, 'text' | 'picture'>;
type Given = Pick<CheckedOptions, 'confidence' | 'tolerance'>;

const percent = (share: number): string => `${short(100 * share)} %`;
const range = ([low, high]: readonly [number, number], as: (v: number) => string = short): string =>
  `${as(low)} … ${as(high)}`;

const headlines: Readonly<Record<BiasVariance, string>> = {
  underfits: 'It underfits: the training loss is far from what can be reached. High bias.',
  overfits: 'It overfits: the validation loss is far above the training loss. High variance.',
  fits: 'It fits: little bias, little variance.',
  notConverged: 'Training was not over: the loss was still falling.',
  leaks: 'Validation rows do better than training rows: something leaks, or they are easier.',
  cannotTell: 'Cannot tell',
};

export function diagnosisHeadline({ verdict, reason, rowsToDecide }: Found): string {
  if (verdict !== 'cannotTell') return headlines[verdict];
  const rows = rowsToDecide ? ` About ${rowsToDecide.toLocaleString('en')} validation rows would tell.` : '';
  return `${headlines.cannotTell}: ${reason}.${rows}`;
}

const dropoutHeadlines: Readonly<Record<DropoutEffect['verdict'], string>> = {
  helps: 'Dropout helps here',
  hurts: 'Dropout hurts here',
  cannotTell: 'Cannot tell whether dropout helps',
};

export function dropoutInWords({ verdict, trades, seeds, updates, what, needed }: DropoutEffect): string {
  const from = `, from ${seeds} pairs of runs of ${updates.toLocaleString('en')} updates (${what}).`;
  if (verdict !== 'cannotTell') return `${dropoutHeadlines[verdict]}${from}`;
  if (trades)
    return `Dropout seems to make one of validation loss and validation error better and the other worse${from}`;
  const would = needed.seeds
    ? ` About ${needed.seeds.toLocaleString('en')} seeds would tell, if the difference is as measured.`
    : needed.rows
      ? ` No number of seeds would tell with these validation rows; about ${needed.rows.toLocaleString('en')} rows would.`
      : ' The difference is too small for any number of seeds.';
  return `${dropoutHeadlines.cannotTell}${from}${would}`;
}

export const effectRows = ({ loss, errorRate }: DropoutEffect): string[][] => {
  const row = (name: string, { plain, dropout, difference }: Effect, factor: number): string[] => {
    const written = ({ value, error: e }: Measured): string => withError(factor * value, factor * e);
    const interval = difference.interval.map(v => factor * v) as [number, number];
    return [name, written(plain), written(dropout), written(difference), range(interval)];
  };
  return [
    ['', 'without dropout', 'with dropout', 'difference', 'interval'],
    row('validation loss', loss, 1),
    ...(errorRate ? [row('validation error %', errorRate, 100)] : []),
  ];
};

export function lossRows({ train, validation, gap, baseline, target }: Found, { confidence }: Given): string[][] {
  const column = (m: Measured): string[] => [withError(m.value, m.error), range(m.interval)];
  return [
    ['loss', '', `${percent(confidence)} interval`],
    ['train', ...column(train)],
    ['validation', ...column(validation)],
    ['gap', ...column(gap)],
    ['a guess', short(baseline), ''],
    ['target', short(target), ''],
  ];
}

export const sharesInWords = ({ bias, variance, errorRate }: Found, { tolerance }: Given): string[] => [
  `Bias ${range(bias, percent)}, variance ${range(variance, percent)} of what there is to learn; below ${percent(tolerance)} counts as none.`,
  `How to read this: what there is to learn is the loss of a guess that ignores the input, less the target. Bias is how far the training loss is from the target, variance how far the validation loss is above the training loss.`,
  ...(errorRate
    ? [
        `Wrong: ${percent(errorRate.train)} of the training rows, ${percent(errorRate.validation)} of the validation rows.`,
      ]
    : []),
];

export function diagnosisText(found: Found, given: Given): string {
  const { dropout, advice, warnings } = found;
  return [
    diagnosisHeadline(found),
    ...(dropout ? [dropoutInWords(dropout)] : []),
    table(lossRows(found, given)),
    ...sharesInWords(found, given),
    ...(dropout ? [table(effectRows(dropout)), ...dropout.warnings] : []),
    'What to do:',
    ...advice.map((line, i) => `${i + 1}. ${line}`),
    ...warnings,
  ].join('\n');
}

function curvesPanel({ curves }: Found): Panel[] {
  if (!curves) return [];
  const points = (values: readonly number[], curve: string) => values.map((loss, i) => ({ epoch: i + 1, loss, curve }));
  const trained = curves.clean ? 'train, dropout off' : 'train, as trained';
  const [train, validation] = [points(curves.train, trained), points(curves.validation, 'validation')];
  return [
    {
      title: `Loss by epoch: validation (red), ${trained} (blue)`,
      options: {
        height: 220,
        marginBottom: 40,
        x: { label: 'epoch' },
        y: { label: 'loss', grid: true, zero: true, ticks: 5 },
        marks: [
          Plot.lineY(train, { x: 'epoch', y: 'loss', stroke: colors.second, strokeWidth: 2 }),
          Plot.lineY(validation, { x: 'epoch', y: 'loss', stroke: colors.accent, strokeWidth: 2 }),
        ],
      },
    },
  ];
}

function lossPanel({ train, validation, baseline, target }: Found): Panel {
  const rows = [
    { name: 'train', ...train, low: train.interval[0], high: train.interval[1] },
    { name: 'validation', ...validation, low: validation.interval[0], high: validation.interval[1] },
  ].map(row => ({
    ...row,
    low: Number.isFinite(row.low) ? row.low : row.value,
    high: Number.isFinite(row.high) ? row.high : row.value,
  }));
  return {
    title: 'Loss: bias is from the target to train, variance from train to validation',
    options: {
      height: 130,
      marginLeft: nameMargin(rows.map(row => row.name)),
      marginBottom: 40,
      marginTop: 26,
      x: { label: 'loss', zero: true, ticks: 6, nice: true },
      y: { label: null, domain: ['train', 'validation'] },
      marks: [
        Plot.ruleX([target, baseline], { stroke: colors.rule, strokeWidth: 2 }),
        Plot.text([target], {
          x: (v: number) => v,
          text: () => 'target',
          frameAnchor: 'top',
          dy: -14,
          textAnchor: 'start',
        }),
        Plot.text([baseline], {
          x: (v: number) => v,
          text: () => 'a guess',
          frameAnchor: 'top',
          dy: -14,
          textAnchor: 'end',
        }),
        Plot.ruleY(rows, { y: 'name', x1: 'low', x2: 'high', strokeWidth: 2, stroke: colors.faint }),
        Plot.dot(rows, {
          y: 'name',
          x: 'value',
          r: 5,
          fill: (d: { name: string }) => (d.name === 'validation' ? colors.accent : colors.second),
        }),
      ],
    },
  };
}

export function effectPanels({ loss, errorRate }: DropoutEffect): Panel[] {
  const panel = (title: string, { difference: { value, interval } }: Effect, factor: number): Panel =>
    differencePanel({ title, value: factor * value, interval: [factor * interval[0], factor * interval[1]] });
  return [
    panel('Validation loss, with dropout − without, and its interval', loss, 1),
    ...(errorRate ? [panel('Validation error in %, with dropout − without, and its interval', errorRate, 100)] : []),
  ];
}

export function diagnosisFigure(found: Found, { confidence }: Given): Figure {
  const { dropout } = found;
  return {
    title: 'Bias or variance',
    caption: `${diagnosisHeadline(found)} ${dropout ? dropoutInWords(dropout) : ''} Bars: ${percent(confidence)} intervals.`,
    panels: [lossPanel(found), ...curvesPanel(found), ...(dropout ? effectPanels(dropout) : [])],
  };
}
