import { details, notes, table } from '@keepprob/lens/page';
import type { Seen, Subject } from '../reported.ts';
import type { Section } from '../section.ts';
import { cellsOf, counted, measured, NONE, stateOf } from '../words.ts';
import { inOrder } from './parameters.ts';

/** Maximum number of rows in the table of the best trials, and in that of all. */
const TOP = 10;
const ALL = 1000;

export const trials: Section = {
  name: 'trials',
  question: 'Which trials were best?',
  async answer(subject) {
    const { ranked, seen, found, sign } = subject;
    const { searched } = found;
    const confirmed = seen.filter(({ fresh }) => fresh && fresh.count === searched.freshPairs.length);
    const [best] = [...confirmed].sort((a, b) => sign * ((a.fresh?.value ?? 0) - (b.fresh?.value ?? 0)));
    const [first] = ranked;
    if (!first) return { verdict: 'None: no trial is complete.', tone: 'open', body: allOf(subject) };
    const said = `In the search trial ${first.trial.number}, ${searched.metric} ${measured(first.dev)}`;
    return {
      verdict: best?.fresh
        ? `${said}; on fresh folds trial ${best.trial.number}, ${measured(best.fresh)}.`
        : `${said}.`,
      tone: 'plain',
      body: [...table(rowsOf(subject, topOf(subject))), ...notes([READING]), ...allOf(subject)],
    };
  },
};

const READING =
  'The mean over folds ± its standard error from these folds alone. “search” is too good for the best, since they were selected by it; “fresh” is not.';

/** The best trials, and all that were confirmed. */
const topOf = ({ ranked, seen }: Subject): Seen[] => [
  ...ranked.filter(({ fresh }, rank) => rank < TOP || fresh),
  ...seen.filter(({ isComplete, fresh }) => !isComplete && fresh),
];

/** Up to this many parameters have their own columns; more share one. */
const COLUMNS = 4;

function rowsOf({ found }: Subject, list: readonly Seen[]): string[][] {
  const { searched, chosen } = found;
  const dimensions = inOrder(found);
  const isWide = dimensions.length > COLUMNS;
  const { metric } = searched;
  return [
    [
      'trial',
      `${metric}, search`,
      'fresh',
      'training',
      'state',
      ...(isWide ? ['where'] : dimensions.map(({ name }) => name)),
    ],
    ...list.map(seen => {
      const cells = cellsOf(dimensions, seen.trial.point);
      const where = cells.flatMap((cell, i) => (cell === NONE ? [] : [`${dimensions[i]?.name} ${cell}`])).join(', ');
      const mark = seen.trial.number === chosen?.trial ? ', chosen' : '';
      return [
        ...[String(seen.trial.number), measured(seen.dev), measured(seen.fresh), measured(seen.dev && seen.train)],
        ...[`${stateOf(seen)}${mark}`, ...(isWide ? [where] : cells)],
      ];
    }),
  ];
}

function allOf(subject: Subject) {
  const { seen } = subject;
  if (seen.length === 0) return [];
  const shown = seen.slice(-ALL);
  const which =
    shown.length < seen.length ? `The last ${ALL} of ${seen.length} trials` : `All ${counted(seen.length, 'trial')}`;
  return [details(which, table(rowsOf(subject, shown)))];
}
