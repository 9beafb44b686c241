/** What the pages say of the penalty that dropout amounts to. */
import { mean } from '@keepprob/lens/statistics';
import { intervalChart } from '../intervals.ts';
import type { Effort, Shown } from '../question.ts';
import { grouped, ofOneCore, spread, tableOf } from '../spread.ts';

export interface PenaltyJob {
  readonly rows: number;
  readonly seed: number;
  readonly hidden: number;
  readonly updates: number;
}
export interface Estimate {
  readonly value: number;
  readonly error: number;
}
/** A dropout alone, or all of them. */
export interface SitePenalty {
  readonly name: string;
  readonly theory: string;
  readonly penalty: Estimate;
  readonly sampled: Estimate;
}
export interface PenaltyResult extends PenaltyJob {
  /** With dropout off. */
  readonly loss: number;
  readonly sites: readonly SitePenalty[];
}

const titles: Readonly<Record<string, string>> = {
  input: 'at the input',
  hidden1_dropout: 'behind hidden 1',
  hidden2_dropout: 'behind hidden 2',
  'all together': 'all together',
};
const titleOf = (name: string): string => titles[name] ?? name;
const words: Readonly<Record<string, string>> = { secondOrder: 'second order' };

const bySite = (results: readonly PenaltyResult[]): Map<string, SitePenalty[]> =>
  grouped(
    results.flatMap(({ sites }) => sites),
    ({ name }) => name,
  );

const table = (results: readonly PenaltyResult[]): string =>
  tableOf(
    ['dropout', 'theory', 'penalty by theory', 'sampled', 'sampled / theory, least … most'],
    [...bySite(results)].map(([name, sites]) => {
      const ratios = ratiosOf(sites);
      const range = `${Math.min(...ratios).toFixed(2)} … ${Math.max(...ratios).toFixed(2)}`;
      const means = [sites.map(({ penalty }) => penalty.value), sites.map(({ sampled }) => sampled.value)].map(mean);
      const theory = sites[0]?.theory ?? '';
      return [titleOf(name), words[theory] ?? theory, ...means.map(value => value.toFixed(4)), range];
    }),
  );

const ratiosOf = (sites: readonly SitePenalty[]): number[] =>
  sites.map(({ penalty, sampled }) => sampled.value / penalty.value);

const picture = (results: readonly PenaltyResult[]): string =>
  intervalChart(
    [...bySite(results)].map(([name, sites]) => ({
      ...{ panel: 'Sampled penalty / penalty by theory', name: titleOf(name), measured: spread(ratiosOf(sites)) },
    })),
    'as many times what theory says; on the line the two agree',
    1,
  );

export function penaltyShown(results: readonly PenaltyResult[], { seconds }: Effort): Shown {
  const { rows, hidden, updates } = results[0] ?? { rows: 0, hidden: 0, updates: 0 };
  const made = `${results.length} networks 784-${hidden}-${hidden}-10, ReLU, He initialization, ${rows.toLocaleString('en')} MNIST digits, Adam 10⁻³, batches of 100, ${updates} updates, keepProb .5 and .8 at the input; by \`npm run measure -- penalty\` (${ofOneCore(seconds)}):`;
  return {
    parts: [{ page: 'packages/lens/README.md', part: 'penalty', markdown: `${made}\n\n${table(results)}` }],
    pictures: { 'docs/penalty.svg': picture(results) },
  };
}
