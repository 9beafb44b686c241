/** The verdict of a search in words. */
import type { Found } from './found.ts';
import type { Study } from './study.ts';

const short = (value: number): string => `${Number(value.toPrecision(4))}`;

/** The verdict first, and under it the numbers it rests on. */
export function wordsOf({ options, pairs: base }: Study, found: Omit<Found, 'text'>): string {
  const { chosen, trials, stopped } = found;
  const states = (['complete', 'pruned', 'failed', 'running'] as const)
    .map(state => [trials.filter(trial => trial.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`);
  const pairs = chosen.isConfirmed
    ? `${chosen.units} fresh pairs of fold and seed`
    : `the ${chosen.units} folds it was chosen by, so likely a little too good`;
  const lines = [
    verdictOf(options.metric, found),
    `chosen: ${JSON.stringify(chosen.values)} (trial ${chosen.trial})`,
    `${options.metric} ${short(chosen.value)} ± ${short(chosen.error)}, from ${pairs}`,
    `${trials.length} trials on ${base.length} folds: ${states.join(', ')}`,
    ...(stopped === null ? [] : [`ended early: ${stopped}`]),
    ...(found.model === null ? [] : [`trained on all rows for ${found.epochs} epochs`]),
  ];
  return lines.join('\n');
}

function verdictOf(metric: string, { against: { off } }: Omit<Found, 'text'>): string {
  if (!off)
    return 'There is nothing to compare with: nothing in the space has an "off", or that could not be measured.';
  const { difference, interval, verdict, needed } = off;
  if (verdict === 'same') return 'Regularization does not help here: the best is to leave it off.';
  const by = `${metric} ${difference < 0 ? '' : '+'}${short(difference)}, with 95 % confidence from ${short(interval[0])} to ${short(interval[1])}`;
  if (verdict === 'helps') return `Regularization helps: against the same without it, ${by}.`;
  if (verdict === 'hurts') return `Regularization hurts: against the same without it, ${by}.`;
  const more =
    needed === null
      ? 'More pairs would not tell either; more rows may.'
      : `About ${needed} pairs would tell a difference of this size.`;
  return `It cannot be told whether regularization helps: against the same without it, ${by}. ${more}`;
}
