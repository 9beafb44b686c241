import { code, notes, short, table } from '@keepprob/lens/page';
import type { Point } from '../../contract.ts';
import { nestedIn } from '../../study/found/words.ts';
import type { Reported } from '../reported.ts';
import type { Section } from '../section.ts';
import { cellsOf, counted, interval, measured, NONE, pm } from '../words.ts';

export const chosen: Section = {
  name: 'chosen',
  question: 'Which values to use?',
  async answer(subject) {
    const { found, ranked } = subject;
    const { metric } = found.searched;
    if (found.chosen) {
      const { trial, point, values, value, error, units, isConfirmed } = found.chosen;
      const from = `${counted(units, isConfirmed ? 'fresh pair' : 'pair')} of fold and seed`;
      return {
        verdict: `Those of trial ${trial}: ${metric} ${pm(value, error)} expected, 95 % interval ${interval(found.chosen.interval)}, from ${from}.`,
        tone: 'plain',
        body: [
          code(JSON.stringify(values ?? point, null, 2)),
          ...table(tableOf(found, point)),
          ...nestedOf(found),
          ...notes([EXPECTED]),
        ],
      };
    }
    const [best] = ranked;
    if (!best) return { verdict: 'None: no trial is complete.', tone: 'open', body: [] };
    const said = `Not chosen yet. The best so far is trial ${best.trial.number}: ${metric} ${measured(best.dev)}, which is likely too good.`;
    return { verdict: said, tone: 'open', body: table(tableOf(found, best.trial.point)), unknown: [said] };
  },
};

/** For each outer fold, the point that was chosen without it, and its metric there. */
function nestedOf({ nested, searched: { metric, dimensions } }: Reported) {
  if (!nested) return [];
  const rows = nested.folds.map(({ point, epochs, value }, i) => [
    String(i),
    ...cellsOf(dimensions, point),
    String(epochs),
    short(value),
  ]);
  return [
    ...notes([`${nestedIn(metric, nested)}.`]),
    ...table([['outer fold', ...dimensions.map(({ name }) => name), 'epochs', metric], ...rows]),
  ];
}

const EXPECTED =
  'The metric on rows that training did not see; its standard error is that of new data (Nadeau & Bengio 2003). Among trials within one standard error of the best, the search chooses the one that regularizes most, unless `choose` says otherwise.';

function tableOf({ searched: { dimensions } }: Reported, point: Point): string[][] {
  const cells = cellsOf(dimensions, point);
  const rows = dimensions.map(({ name }, i) => [name, cells[i] ?? NONE]);
  return [['parameter', 'value'], ...rows.filter(([, cell]) => cell !== NONE)];
}
