/** What the page says of the intervals of Monte-Carlo dropout. */
import { colours } from '../../chart.ts';
import { type Curve, lineChart } from '../lines.ts';
import type { Effort, Shown } from '../question.ts';
import { grouped, ofOneCore, plusMinus, spread, tableOf } from '../spread.ts';

export interface CoverageJob {
  readonly split: number;
  readonly lambda: number;
  /** Rows to test on. */
  readonly held: number;
  readonly updates: number;
}
export interface CoverageResult extends CoverageJob {
  /** Percentage of the test rows that lie in their 95 % interval: of the samples alone, and with the noise of τ. */
  readonly samples: number;
  readonly withNoise: number;
}

const arms = [
  { of: 'samples', name: 'samples alone', colour: colours.blue },
  { of: 'withNoise', name: 'with precision', colour: colours.red },
] as const;

export function coverageShown(results: readonly CoverageResult[], { seconds }: Effort): Shown {
  const cells = [...grouped(results, ({ lambda }) => lambda)].map(([lambda, same]) => ({
    lambda,
    covered: arms.map(({ of }) => spread(same.map(result => result[of]))),
  }));
  const { held, updates } = results[0] ?? { held: 0, updates: 0 };
  const splits = grouped(results, ({ split }) => split).size;
  const made = `Miles per gallon of 392 cars, 6-50-50-1, ReLU, He initialization, keepProb 0.9 behind both hidden layers, Adam 10⁻², ${updates.toLocaleString('en')} updates on all training rows, ${held} rows held out, ${splits} splits; by \`npm run measure -- coverage\` (${ofOneCore(seconds)}). Percentage of the held-out cars in their 95 % interval ± standard error over the splits:`;
  const table = tableOf(
    ['λ of `l2`', ...arms.map(({ name }) => name)],
    cells.map(({ lambda, covered }) => [`${lambda}`, ...covered.map(one => plusMinus(one, 1))]),
  );
  const curves = arms.map(
    ({ name, colour }, i): Curve => ({
      ...{ panel: '', name, colour },
      points: cells.flatMap(({ lambda, covered }) => {
        const one = covered[i];
        return one ? [{ x: lambda, y: one.value, low: one.interval[0], high: one.interval[1] }] : [];
      }),
    }),
  );
  const wanted: Curve = {
    ...{ panel: '', name: '95 %', colour: colours.grey, dashed: true },
    points: cells.map(({ lambda }) => ({ x: lambda, y: 95 })),
  };
  const picture = lineChart([wanted, ...curves], {
    ...{ x: 'λ of l2', y: '% of cars in their interval', log: true, at: cells.map(({ lambda }) => lambda) },
  });
  return {
    parts: [{ page: 'docs/dropout.md', part: 'coverage', markdown: `${made}\n\n${table}` }],
    pictures: { 'docs/coverage.svg': picture },
  };
}
