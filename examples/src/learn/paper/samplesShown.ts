/** What the page says of figure 11. */
import { colours } from '../../chart.ts';
import { lineChart } from '../lines.ts';
import type { Effort, Shown } from '../question.ts';
import { differences, ofOneCore, plusMinus, spread, tableOf, verdictOf, withInterval } from '../spread.ts';

export interface SamplesJob {
  readonly rows: number;
  readonly test: number;
  readonly seed: number;
  readonly updates: number;
  /** How many masks are averaged over. */
  readonly samples: readonly number[];
}
export interface SamplesResult extends SamplesJob {
  /** Error of weight scaling, and of each number of samples, in percent. */
  readonly scaling: number;
  readonly errors: readonly number[];
}

const said = { above: 'worse', below: 'better', 'cannot tell': 'cannot tell' } as const;

export function samplesShown(results: readonly SamplesResult[], { seconds }: Effort): Shown {
  const counts = results[0]?.samples ?? [];
  const scaling = results.map(result => result.scaling);
  const columns = counts.map((count, at) => {
    const errors = results.map(result => result.errors[at] ?? Number.NaN);
    return { count, error: spread(errors), against: spread(differences(scaling, errors)) };
  });
  const scaled = spread(scaling);
  const { rows, test, updates } = results[0] ?? { rows: 0, test: 0, updates: 0 };
  const thousands = (count: number): string => count.toLocaleString('en');
  const made = `${results.length} networks, each trained on its own ${thousands(rows)} digits for ${thousands(updates)} updates, ${thousands(test)} test digits; ${ofOneCore(seconds)}. Weight scaling: ${plusMinus(scaled, 2)} % of error.`;
  const table = tableOf(
    ['masks', 'error %', 'samples − scaling, points', 'sampling is'],
    columns.map(({ count, error, against }) => [
      `${count}`,
      plusMinus(error, 2),
      withInterval(against, 2),
      said[verdictOf(against)],
    ]),
  );
  const picture = lineChart(
    [
      {
        ...{ panel: '', name: '', colour: colours.blue },
        points: columns.map(({ count, against: { value, interval } }) => ({
          ...{ x: count, y: value, low: interval[0], high: interval[1] },
        })),
      },
    ],
    { x: 'masks that are averaged over', y: 'points of error above weight scaling', log: true, at: counts, zero: true },
  );
  return {
    parts: [{ page: 'docs/paper.md', part: 'samples', markdown: `${made}\n\n${table}` }],
    pictures: { 'docs/samples.svg': picture },
  };
}
