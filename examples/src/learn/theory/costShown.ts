/** What the page says of J. */
import { mean, quantile } from '@keepprob/lens/statistics';
import { colours } from '../../chart.ts';
import { type Curve, lineChart } from '../lines.ts';
import type { Effort, Shown } from '../question.ts';
import { ofOneCore, tableOf } from '../spread.ts';

export interface CostJob {
  readonly seed: number;
  readonly keepProb: number;
  readonly steps: number;
}
export interface CostResult extends CostJob {
  readonly verdict: string;
  /** Steps at which J rose, with dropout off. */
  readonly rises: number;
  /** J by step. */
  readonly off: readonly number[];
  readonly on: readonly number[];
}

/** Above this at the end, a network has learned nothing. */
const DEAD = 0.68;

const risesOf = (costs: readonly number[]): number =>
  costs.filter((cost, i) => i > 0 && cost > (costs[i - 1] ?? cost)).length;

const table = (results: readonly CostResult[]): string =>
  tableOf(
    ['', 'rises of J, least … most', 'mean', 'J at the end, median'],
    [
      ['dropout off', results.map(({ rises }) => rises), results.map(({ off }) => off.at(-1) ?? Number.NaN)] as const,
      ['dropout on', results.map(({ on }) => risesOf(on)), results.map(({ on }) => on.at(-1) ?? Number.NaN)] as const,
    ].map(([name, rises, last]) => [
      ...[
        name,
        `${Math.min(...rises)} … ${Math.max(...rises)}`,
        mean(rises).toFixed(1),
        quantile(last, 0.5).toFixed(3),
      ],
    ]),
  );

/** The first seed as a line; the least and the most of all seeds as a band. */
function picture(results: readonly CostResult[]): string {
  const curve = (name: string, colour: string, of: (result: CostResult) => readonly number[]): Curve => ({
    ...{ panel: `Dropout ${name}`, name: '', colour, around: 'band' },
    points: (results[0] ? of(results[0]) : []).map((y, x) => {
      const all = results.map(result => of(result)[x] ?? Number.NaN);
      return { x, y, low: Math.min(...all), high: Math.max(...all) };
    }),
  });
  return lineChart([curve('off', colours.grey, ({ off }) => off), curve('on', colours.blue, ({ on }) => on)], {
    ...{ x: 'iteration', y: 'J' },
  });
}

export function costShown(results: readonly CostResult[], { seconds }: Effort): Shown {
  const dead = results.filter(({ off }) => (off.at(-1) ?? 0) > DEAD).length;
  const those =
    dead === 1
      ? '1 of the networks does not learn: its J stays'
      : `${dead} of the networks do not learn: their J stays`;
  const note = dead ? `\n\n${those} at ln 2 = 0.693, the same answer for every point.` : '';
  const { steps, keepProb } = results[0] ?? { steps: 0, keepProb: 1 };
  const made = `${results.length} networks 2-20-3-1 on 211 points each, learning rate 0.3, keepProb ${keepProb} behind both hidden layers, ${steps} iterations that look at all points; by \`npm run measure -- cost\` (${ofOneCore(seconds)}):`;
  return {
    parts: [{ page: 'docs/dropout.md', part: 'cost', markdown: `${made}\n\n${table(results)}${note}` }],
    pictures: { 'docs/cost.svg': picture(results) },
  };
}
