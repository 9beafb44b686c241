/** The table and the picture of the comparison. */
import * as Plot from '@observablehq/plot';
import { colours, drawn } from './chart.ts';
import type { Result } from './comparison.ts';

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Standard error of the mean; NaN for a single value. */
export const standardError = (values: readonly number[]): number => {
  const m = mean(values);
  return Math.sqrt(values.reduce((sum, v) => sum + (v - m) ** 2, 0) / (values.length - 1) / values.length);
};

/** The arms in the order of their first results. */
const armsOf = (results: readonly Result[]): string[] => [...new Set(results.map(({ arm }) => arm))];

const withError = (values: readonly number[], digits: number): string =>
  `${mean(values).toFixed(digits)} ± ${standardError(values).toFixed(digits)}`;

/** One row per arm: mean ± standard error over the seeds. */
export function table(results: readonly Result[]): string {
  const rows = armsOf(results).map(arm => {
    const mine = results.filter(r => r.arm === arm);
    const last = (name: string): number[] => mine.map(r => r.history[name]?.at(-1) ?? Number.NaN);
    return [
      arm,
      withError(
        mine.map(r => 100 * r.validationError),
        2,
      ),
      withError(last('valLoss'), 3),
      withError(last('cleanLoss'), 3),
      withError(
        mine.map(r => r.gap),
        3,
      ),
    ];
  });
  const all = [['', 'validation error %', 'validation loss', 'train loss', 'gap'], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map(row => row[column]!.length)));
  return all
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}

interface Point {
  readonly arm: string;
  readonly epoch: number;
  readonly curve: string;
  readonly loss: number;
}

/** Mean loss over the seeds by epoch: validation solid, train (dropout off) dashed; the distance between the two is the gap. */
export function picture(results: readonly Result[]): string {
  const arms = armsOf(results);
  const points = arms.flatMap(arm => {
    const mine = results.filter(r => r.arm === arm);
    const curve = (name: string, label: string): Point[] =>
      (mine[0]?.history[name] ?? []).map((_, epoch) => ({
        arm,
        epoch: epoch + 1,
        curve: label,
        loss: mean(mine.map(r => r.history[name]?.[epoch] ?? Number.NaN)),
      }));
    return [...curve('cleanLoss', 'train, dropout off'), ...curve('valLoss', 'validation')];
  });
  const last = Math.max(...points.map(p => p.epoch));
  const final = points.filter(p => p.epoch === last);
  // the first epochs would leave the others no room
  const top = 2 * Math.max(...final.map(p => p.loss));
  const line = (curve: string, dashed: boolean) =>
    Plot.line(
      points.filter(p => p.curve === curve),
      {
        x: 'epoch',
        y: 'loss',
        fx: 'arm',
        stroke: dashed ? '#777' : colours.red,
        strokeWidth: 2,
        ...(dashed && { strokeDasharray: '5 4' }),
      },
    );
  const ends = Plot.text(final, {
    x: 'epoch',
    y: 'loss',
    fx: 'arm',
    text: (p: Point) => `${p.curve === 'validation' ? 'validation' : 'train'} ${p.loss.toFixed(2)}`,
    textAnchor: 'end',
    dy: -9,
    stroke: 'white',
    strokeWidth: 4,
    fill: 'black',
  });
  return drawn({
    width: 960,
    height: 300,
    marginLeft: 48,
    x: { label: 'epoch', ticks: 4 },
    y: { label: 'loss', grid: true, domain: [0, top], clamp: true },
    fx: { domain: arms, label: null },
    marks: [Plot.frame({ stroke: '#ddd' }), line('train, dropout off', true), line('validation', false), ends],
  });
}
