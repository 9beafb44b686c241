/** What the page says of the lab: errors by draw, differences with their intervals, and whether they hold on every draw. */
import { type Measured, mean } from '@keepprob/lens/statistics';
import { colours } from '../../chart.ts';
import { intervalChart, type Row } from '../intervals.ts';
import type { Effort, Shown } from '../question.ts';
import {
  differences,
  grouped,
  ofOneCore,
  plusMinus,
  spread,
  tableOf,
  type Verdict,
  verdictOf,
  withInterval,
} from '../spread.ts';
import { type Arm, arms, type LabResult } from './result.ts';

type Results = readonly LabResult[];

/** A network that errs on so many training points, in percent, has learned nothing. */
const DEAD = 40;
const pairOf = ({ draw, seed }: LabResult): string => `${draw}, ${seed}`;

/** What is compared: the draws and seeds with which every network learned. */
function alive(results: Results): LabResult[] {
  const dead = new Set(results.filter(({ train }) => train > DEAD).map(pairOf));
  return results.filter(result => !dead.has(pairOf(result)));
}

/** Which networks learned nothing, and what follows. */
function deadText(results: Results): string {
  const dead = results.filter(({ train }) => train > DEAD);
  if (dead.length === 0) return '';
  const counts = arms.map(
    arm => `${dead.filter(result => result.arm === arm).length} ${arm === 'none' ? 'without either' : `with ${arm}`}`,
  );
  const pairs = new Set(dead.map(pairOf)).size;
  const all = new Set(results.map(pairOf)).size;
  return `With some initial weights a network learns nothing and gives every point the same answer, which can happen where a hidden layer has three ReLU units: ${listed(counts)}. All three networks of such a draw and seed are left out of the comparison, ${pairs} of ${all}.`;
}
type Measure = 'train' | 'dev' | 'more';

/** b against a: the claims of the course. */
interface Claim {
  readonly a: Arm;
  readonly b: Arm;
}
const claims: readonly Claim[] = [
  { a: 'none', b: 'L2' },
  { a: 'none', b: 'dropout' },
  { a: 'L2', b: 'dropout' },
];
const nameOf = ({ a, b }: Claim): string => `${b} against ${a}`;

const of = (results: Results, arm: Arm, measure: Measure): number[] =>
  results.filter(result => result.arm === arm).map(result => result[measure]);
const differenceIn = (results: Results, { a, b }: Claim, measure: Measure): number[] =>
  differences(of(results, a, measure), of(results, b, measure));

/** By draw over the seeds; and over the draws, each of which counts once. */
function differencesOf(results: Results, claim: Claim, measure: Measure): { draws: Measured[]; all: Measured } {
  const byDraw = [...grouped(results, ({ draw }) => draw).values()].map(one => differenceIn(one, claim, measure));
  return { draws: byDraw.map(spread), all: spread(byDraw.map(mean)) };
}

const errors = (results: Results): string =>
  tableOf(
    ['draw', '', 'training error %', 'dev error %', 'error % on 5,000 more'],
    [...grouped(results, ({ draw }) => draw)].flatMap(([draw, one]) =>
      arms.map(arm => [
        `${draw}`,
        arm,
        ...(['train', 'dev', 'more'] as const).map(measure => plusMinus(spread(of(one, arm, measure)), 2)),
      ]),
    ),
  );

function gains(results: Results): string {
  const count = grouped(results, ({ draw }) => draw).size;
  const rows = claims.flatMap(claim =>
    (['dev', 'more'] as const).map(measure => {
      const { draws, all } = differencesOf(results, claim, measure);
      return [
        nameOf(claim),
        measure === 'dev' ? '200 dev points' : '5,000 more',
        ...draws.map(d => withInterval(d, 2)),
        withInterval(all, 2),
      ];
    }),
  );
  const draws = Array.from({ length: count }, (_, i) => `draw ${i + 1}`);
  return tableOf(['points of error', 'on', ...draws, 'all draws'], rows);
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** On which draws one network errs less than another, as far as it can be told. */
function onDraws(draws: readonly Measured[]): string {
  const on = (verdict: Verdict): string[] => draws.flatMap((d, i) => (verdictOf(d) === verdict ? [`${i + 1}`] : []));
  const places = (list: readonly string[], all: string): string =>
    list.length === draws.length ? `on ${all} draw` : `on draw${list.length > 1 ? 's' : ''} ${listed(list)}`;
  const said = [
    ['fewer errors', on('below'), 'every'],
    ['more errors', on('above'), 'every'],
    ['cannot tell', on('cannot tell'), 'any'],
  ] as const;
  return said.flatMap(([words, list, all]) => (list.length ? [`${words} ${places(list, all)}`] : [])).join('; ');
}

/** A claim in a sentence for each set of points. */
function sentence(results: Results, claim: Claim): string {
  const told = (['dev', 'more'] as const).map(measure => {
    const { draws, all } = differencesOf(results, claim, measure);
    return `${measure === 'dev' ? '200 dev points' : '5,000 further points'}: ${onDraws(draws)}; over the draws ${withInterval(all, 2)} points.`;
  });
  return `- **${nameOf(claim)}.** ${told.join(' ')}`;
}

const shades: Readonly<Record<Measure, string>> = { train: colours.grey, dev: colours.blue, more: colours.grey };

function picture(results: Results): string {
  const rows = claims.flatMap(claim =>
    (['dev', 'more'] as const).flatMap(measure => {
      const { draws, all } = differencesOf(results, claim, measure);
      const on = measure === 'dev' ? 'dev' : '5,000 more';
      const row = (name: string, measured: Measured): Row => ({
        panel: `${nameOf(claim)} (points of error)`,
        name: `${name}, ${on}`,
        measured,
        colour: shades[measure],
      });
      return [...draws.map((d, i) => row(`draw ${i + 1}`, d)), row('all draws', all)];
    }),
  );
  return intervalChart(rows, 'points of error: left of 0 is better');
}

const thousands = (count: number): string => count.toLocaleString('en');

export function labShown(all: Results, { seconds }: Effort): Shown {
  const results = alive(all);
  const draws = grouped(results, ({ draw }) => draw).size;
  const seeds = grouped(all, ({ seed }) => seed).size;
  const iterations = thousands(results[0]?.iterations ?? 0);
  const made = `${draws} draws of the points, ${seeds} seeds of weights and masks for each, ${iterations} iterations: ${all.length} runs, ${ofOneCore(seconds)}.`;
  return {
    parts: [
      {
        page: 'docs/lab.md',
        part: 'lab',
        markdown: [
          [made, deadText(all)].filter(Boolean).join(' '),
          claims.map(claim => sentence(results, claim)).join('\n'),
          gains(results),
          errors(results),
        ].join('\n\n'),
      },
    ],
    pictures: { 'docs/lab.svg': picture(results) },
  };
}
