/** What the page says of figure 10. */
import type { Measured } from '@keepprob/lens/statistics';
import { colours } from '../../chart.ts';
import { type Curve, lineChart } from '../lines.ts';
import type { Effort, Shown } from '../question.ts';
import { differences, grouped, ofOneCore, plusMinus, spread, tableOf, verdictOf, withInterval } from '../spread.ts';

export interface SizesJob {
  /** To train on, and to test on. */
  readonly rows: number;
  readonly test: number;
  readonly seed: number;
  readonly dropped: boolean;
  /** When the test digits are looked at; the last is the end. */
  readonly updates: readonly number[];
}
export interface SizesResult extends SizesJob {
  /** Percentages of the test digits, at each of the updates. */
  readonly errors: readonly number[];
  readonly losses: readonly number[];
}

interface Cell {
  readonly rows: number;
  readonly updates: number;
  readonly plain: Measured;
  readonly dropout: Measured;
  readonly gain: Measured;
}

function cellsOf(results: readonly SizesResult[]): Cell[] {
  const updates = results[0]?.updates ?? [];
  return [...grouped(results, ({ rows }) => rows)].flatMap(([rows, same]) =>
    updates.map((count, at) => {
      const [plain, dropout] = [false, true].map(dropped =>
        same.filter(result => result.dropped === dropped).map(({ errors }) => errors[at] ?? Number.NaN),
      ) as [number[], number[]];
      return {
        ...{ rows, updates: count },
        ...{ plain: spread(plain), dropout: spread(dropout), gain: spread(differences(plain, dropout)) },
      };
    }),
  );
}

const thousands = (count: number): string => count.toLocaleString('en');
const said = { above: 'hurts', below: 'helps', 'cannot tell': 'cannot tell' } as const;

const table = (cells: readonly Cell[]): string =>
  tableOf(
    ['digits', 'updates', 'error % without', 'with dropout', 'with − without, points', ''],
    cells.map(({ rows, updates, plain, dropout, gain }) => [
      thousands(rows),
      thousands(updates),
      plusMinus(plain, 2),
      plusMinus(dropout, 2),
      withInterval(gain, 2),
      said[verdictOf(gain)],
    ]),
  );

/** With which sizes dropout helps at the end of training, in a sentence for each length of it. */
function verdicts(cells: readonly Cell[]): string {
  const sentences = [...grouped(cells, ({ updates }) => updates)].map(([updates, same]) => {
    const told = [...grouped(same, ({ gain }) => said[verdictOf(gain)])].map(
      ([word, those]) => `${word} with ${those.map(({ rows }) => thousands(rows)).join(', ')}`,
    );
    return `- After ${thousands(updates)} updates, by the number of digits: ${told.join('; ')}.`;
  });
  return sentences.join('\n');
}

const shades = [colours.grey, colours.blue, colours.red];

function picture(cells: readonly Cell[]): string {
  const curves = [...grouped(cells, ({ updates }) => updates)].map(
    ([updates, same], i): Curve => ({
      panel: '',
      name: `${thousands(updates)} updates`,
      colour: shades[i] ?? colours.green,
      points: same.map(({ rows, gain: { value, interval } }) => ({
        // side by side, so that bars do not hide each other
        ...{ x: rows * 1.06 ** (i - 1), y: value, low: interval[0], high: interval[1] },
      })),
    }),
  );
  return lineChart(curves, {
    ...{ x: 'digits to train on', y: 'points of error, with − without dropout', log: true, zero: true },
    at: [...new Set(cells.map(({ rows }) => rows))],
  });
}

export function sizesShown(results: readonly SizesResult[], { seconds }: Effort): Shown {
  const cells = cellsOf(results);
  const seeds = grouped(results, ({ seed }) => seed).size;
  const made = `${seeds} seeds, each with its own draw of the digits; ${thousands(results[0]?.test ?? 0)} test digits; ${results.length} runs, ${ofOneCore(seconds)}. ± is the standard error; intervals are 95 %, over pairs of the same seed.`;
  return {
    parts: [{ page: 'docs/paper.md', part: 'sizes', markdown: [made, verdicts(cells), table(cells)].join('\n\n') }],
    pictures: { 'docs/sizes.svg': picture(cells) },
  };
}
