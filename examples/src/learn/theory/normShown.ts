/** What the pages say of the norm of the weights. */
import { mean } from '@keepprob/lens/statistics';
import { colours } from '../../chart.ts';
import { intervalChart } from '../intervals.ts';
import type { Effort, Shown } from '../question.ts';
import { differences, grouped, ofOneCore, signed, spread, tableOf } from '../spread.ts';

export interface NormJob {
  readonly setting: string;
  readonly rows: number;
  readonly seed: number;
  readonly updates: number;
}
export interface MatrixNorm {
  readonly layer: string;
  readonly squaredNorm: number;
  /** How many inputs a unit listens to, on average. */
  readonly participation: number;
}
export interface NormResult extends NormJob {
  readonly plain: readonly MatrixNorm[];
  readonly dropout: readonly MatrixNorm[];
}

const sumOf = (matrices: readonly MatrixNorm[]): number =>
  matrices.reduce((sum, { squaredNorm }) => sum + squaredNorm, 0);

/** +9.9 ± 1.4 */
function change(values: readonly number[], digits: number): string {
  const { value, error } = spread(values);
  return `${signed(value, digits)} ± ${error.toFixed(digits)}`;
}

const layers = ['hidden1', 'hidden2', 'digit'];

function participation(same: readonly NormResult[], layer: string): string {
  const of = (matrices: readonly MatrixNorm[]): number[] =>
    matrices.filter(matrix => matrix.layer === layer).map(matrix => matrix.participation);
  const [a, b] = [same.flatMap(({ plain }) => of(plain)), same.flatMap(({ dropout }) => of(dropout))];
  return a.length ? change(differences(a, b), 1) : '–';
}

const table = (results: readonly NormResult[]): string =>
  tableOf(
    ['net, optimizer', 'Σ w² without', 'with − without', 'participation, hidden 1', 'hidden 2', 'output'],
    [...grouped(results, ({ setting }) => setting)].map(([setting, same]) => {
      const [a, b] = [same.map(({ plain }) => sumOf(plain)), same.map(({ dropout }) => sumOf(dropout))];
      return [
        ...[setting, mean(a).toFixed(0), change(differences(a, b), 1)],
        ...layers.map(layer => participation(same, layer)),
      ];
    }),
  );

const picture = (results: readonly NormResult[]): string =>
  intervalChart(
    [...grouped(results, ({ setting }) => setting)].map(([setting, same]) => ({
      ...{ panel: 'Change of Σ w² by dropout', name: setting, colour: colours.blue },
      measured: spread(same.map(({ plain, dropout }) => 100 * (sumOf(dropout) / sumOf(plain) - 1))),
    })),
    '% of Σ w² without dropout',
  );

export function normShown(results: readonly NormResult[], { seconds }: Effort): Shown {
  const pairs = grouped(results, ({ seed }) => seed).size;
  const made = `Dropout − none over ${pairs} pairs ± standard error, by \`npm run measure -- norm\` (${ofOneCore(seconds)}):`;
  return {
    parts: [{ page: 'packages/lens/README.md', part: 'norm', markdown: `${made}\n\n${table(results)}` }],
    pictures: { 'docs/norm.svg': picture(results) },
  };
}
