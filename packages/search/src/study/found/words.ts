/** The verdict of a search in words. */
import type { Dimension, Point } from '../../contract.ts';
import { numberIn } from '../../space/points.ts';
import type { Study } from '../study.ts';
import type { AgainstOff, ChosenTrial, Found, NestedEstimate } from './found.ts';

const short = (value: number): string => `${Number(value.toPrecision(4))}`;
const between = ([low, high]: readonly [number, number]): string =>
  Number.isFinite(low) ? `between ${short(low)} and ${short(high)}` : 'with an interval that one unit does not tell';

/** The verdict first, and under it the numbers it rests on. */
export function wordsOf({ options, pairs, space }: Study, found: Omit<Found, 'text' | 'picture'>): string {
  const { chosen, trials, stopped, nested } = found;
  const states = (['complete', 'pruned', 'failed', 'running'] as const)
    .map(state => [trials.filter(trial => trial.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`);
  const from = chosen.isConfirmed
    ? `${chosen.units} fresh pairs of fold and seed`
    : `the ${chosen.units} units it was chosen by, so likely a little too good`;
  const lines = [
    verdictOf(options.metric, found),
    `chosen: ${pointIn(space.dimensions, chosen.point)} (trial ${chosen.trial})`,
    `${options.metric} to expect: ${short(chosen.value)}, ${between(chosen.interval)}, from ${from}`,
    ...(nested ? [nestedIn(options.metric, nested)] : []),
    `${trials.length} trials on ${pairs.length} folds: ${states.join(', ')}`,
    ...(stopped === null ? [] : [`ended early: ${stopped}`]),
    ...(found.model === null ? [] : [`trained on all rows, ${found.epochs} epochs`]),
  ];
  return lines.join('\n');
}

/** `keep 0.8, units 16`: what exists there, by name. */
const pointIn = (dimensions: readonly Dimension[], point: Point): string =>
  dimensions
    .flatMap(dimension => {
      const number = numberIn(point, dimension.name);
      if (number === undefined) return [];
      return `${dimension.name} ${dimension.kind === 'choice' ? dimension.labels[number] : short(number)}`;
    })
    .join(', ');

/** The estimate that no choice has flattered. */
export const nestedIn = (metric: string, { value, interval, folds }: NestedEstimate): string =>
  `${metric} of what such a search chooses: ${short(value)}, ${between(interval)}, from ${folds.length} outer fold${folds.length === 1 ? '' : 's'} whose rows had no say in it`;

/** Whether regularization helps, with the interval. */
export function verdictOf(
  metric: string,
  { chosen, against: { off } }: { readonly chosen: Pick<ChosenTrial, 'trial'>; readonly against: Found['against'] },
): string {
  if (!off) return 'Nothing to compare with: nothing in the space has an "off", or it could not be measured.';
  const what = off.off === chosen.trial ? 'The best with regularization' : 'With regularization';
  const numbers = `${what}, ${metric} is ${by(off.difference)} than without (${between(off.interval)}, in ${off.units} folds)`;
  const last = off.off === chosen.trial ? ' The choice is to leave it off.' : '';
  if (off.verdict === 'helps') return `Regularization helps. ${numbers}.${last}`;
  if (off.verdict === 'hurts') return `Regularization hurts. ${numbers}.${last}`;
  return `It cannot be told whether regularization helps. ${numbers}.${last} ${needed(off)}`;
}

const by = (difference: number): string => `${short(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'}`;

const needed = ({ unitsNeeded }: AgainstOff): string =>
  unitsNeeded === null
    ? 'More folds of this kind would not settle it; more rows, or a larger k, may.'
    : `About ${unitsNeeded} folds would tell a difference of this size.`;
