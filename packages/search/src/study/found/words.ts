/** The result of a search as lines for a terminal. */
import type { Dimension, Point } from '../../contract.ts';
import { numberIn } from '../../space/points.ts';
import type { Found, NestedEstimate } from './found.ts';
import { between, counted, short, verdictOf } from './verdict.ts';

/** The verdict, followed by the numbers it rests on. */
export function wordsOf(found: Omit<Found, 'text' | 'picture'>): string {
  const { chosen, trials, stopped, searched, model, epochs, nested } = found;
  const { metric, dimensions, pairs } = searched;
  const states = (['complete', 'pruned', 'failed', 'running'] as const)
    .map(state => [trials.filter(trial => trial.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`);
  const from = chosen.isConfirmed
    ? `from ${counted(chosen.units, 'fresh pair')} of fold and seed`
    : `from ${counted(chosen.units, 'unit')} that it was chosen by, so likely a little too good`;
  const expected = [short(chosen.value), between(chosen.interval), from].filter(part => part !== null);
  const lines = [
    verdictOf(found),
    `chosen: ${pointIn(dimensions, chosen.point)} (trial ${chosen.trial})`,
    `${metric} to expect: ${expected.join(', ')}`,
    ...(nested ? [nestedIn(metric, nested)] : []),
    `${counted(trials.length, 'trial')} on ${counted(pairs.length, 'fold')}: ${states.join(', ')}`,
    ...(stopped === null ? [] : [`ended early: ${stopped}`]),
    ...(model === null ? [] : [`trained on all rows, ${counted(epochs, 'epoch')}`]),
  ];
  return lines.join('\n');
}

/** The values of the dimensions that exist at a point, by name: `keep 0.8, units 16`. */
const pointIn = (dimensions: readonly Dimension[], point: Point): string =>
  dimensions
    .flatMap(dimension => {
      const number = numberIn(point, dimension.name);
      if (number === undefined) return [];
      return `${dimension.name} ${dimension.kind === 'choice' ? dimension.labels[number] : short(number)}`;
    })
    .join(', ');

/** The estimate that is not biased by the choice, in words. */
export function nestedIn(metric: string, { value, interval, folds }: NestedEstimate): string {
  const rests = `from ${counted(folds.length, 'outer fold')} whose rows played no part in it`;
  const said = [short(value), between(interval), rests].filter(part => part !== null);
  return `${metric} of what such a search chooses: ${said.join(', ')}`;
}
