/** A heat map of all units: folds as rows, trials as columns. */
import { heatMap, type Panel, short } from '@keepprob/lens/page';
import { pairKey } from '../../choice/pairs.ts';
import { type Subject, unitsOn } from '../reported.ts';
import { NONE } from '../words.ts';
import { rangeOf } from './range.ts';

/** Maximum number of folds that are numbered individually. */
const ROWS = 12;
const index = (middle: number): string => String(Math.floor(middle));

export function foldsPanel({ found, seen, sign }: Subject): Panel {
  const { metric, pairs } = found.searched;
  const units = seen.map(({ trial }) => {
    const values = new Map(unitsOn(trial, pairs).map(unit => [pairKey(unit), unit.value]));
    return pairs.map(pair => values.get(pairKey(pair)));
  });
  const range = rangeOf(
    units.flat().flatMap(value => value ?? []),
    sign,
  );
  const values = pairs.flatMap((_, fold) =>
    units.map(trial => (trial[fold] === undefined ? Number.NaN : range.clamp(trial[fold]))),
  );
  const beyond = range.beyond > 0 ? `; ${range.beyond} beyond have the color of the edge` : '';
  const panel = heatMap({ values, shape: [pairs.length, seen.length] }, { title: metric, x: 'trial', y: 'fold' });
  const middles = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 0.5);
  const step = Math.max(1, Math.ceil(seen.length / 10));
  return {
    ...panel,
    options: {
      ...panel.options,
      height: 56 + Math.max(20, Math.min(180, 18 * pairs.length)),
      x: { ...panel.options.x, ticks: middles(seen.length).filter((_, i) => i % step === 0), tickFormat: index },
      ...(pairs.length > 1 &&
        pairs.length <= ROWS && {
          y: { ...panel.options.y, ticks: middles(pairs.length), tickFormat: index },
        }),
    },
    title: `${panel.title ?? ''}${beyond}`,
    rows: [
      ['trial', ...pairs.map(({ fold }) => `fold ${fold}`)],
      ...seen.map(({ trial }, i) => [
        String(trial.number),
        ...(units[i] ?? []).map(value => (value === undefined ? NONE : short(value))),
      ]),
    ],
  };
}
