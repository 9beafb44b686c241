/** What this scene tells, whichever way a search goes. */
import { runBefore } from '../../stage/runBefore.ts';
import { count, percent, share } from '../../stage/shows.ts';
import { rangeText } from '../../stage/statistics.ts';
import type { Settings } from './params.ts';
import type { Chosen, Compared, Keep, Space } from './reports.ts';
import { levelOf, type Trial } from './trials.ts';

export const story = {
  title: 'Search for keep.prob',
  lecture: { name: 'Understanding Dropout', href: 'https://www.youtube.com/watch?v=ARq74QuavAo' },
  network:
    'Two hidden layers, ReLU, sigmoid at the end; Adam with rate 0.01, batches of 32. Searched by @keepprob/search, in this page.',
} as const;

export interface Told {
  readonly trials: readonly Trial[];
  readonly chosen: Readonly<Partial<Record<Space, Chosen>>>;
  readonly compared: Compared | undefined;
  readonly settings: Settings;
}

export const titles: Readonly<Record<Space, string>> = { one: 'One for both layers', each: 'One for each layer' };

/** 0.72, or 0.72 and 0.9 */
export const keepText = ({ hidden1, hidden2 }: Keep, space: Space): string =>
  space === 'one' ? share(hidden1) : `${share(hidden1)} and ${share(hidden2)}`;

const points = (value: number): string => `${(100 * Math.abs(value)).toFixed(1)} points`;
/** errs 2.1 points less */
const errs = (difference: number): string =>
  Math.abs(difference) < 5e-4 ? 'errs as often' : `errs ${points(difference)} ${difference > 0 ? 'more' : 'less'}`;
const interval = (compared: Compared): string =>
  `95\u202f% interval of the difference: ${rangeText(compared.interval)}`;

/** What a search chose, in a few words. */
export function headline({ isOff, keep, space, againstOff }: Chosen): string {
  if (isOff) return 'Leave it off';
  const found = againstOff?.verdict === 'helps' ? 'helps' : againstOff?.verdict === 'hurts' ? 'hurts' : 'may be chance';
  return `${keepText(keep, space)} ${found}`;
}

/** Against "off", on folds that had no say in the choice. */
export function verdict({ isOff, keep, space, againstOff, units }: Chosen): string {
  const from = `on ${units} fresh pairs of fold and seed`;
  if (!againstOff) return 'There was nothing to compare with “off”.';
  const which = `keep.prob ${keepText(isOff ? againstOff.keep : keep, space)}`;
  const range = `(${interval(againstOff)})`;
  const { verdict: found, interval: difference } = againstOff;
  const best = isOff ? `“Off” was chosen. The best of the others, ${which},` : `Against “off”, ${which}`;
  if (found === 'cannotTell')
    return `${best} ${errs(difference.value)} ${from} ${range}: it cannot be told which is better.`;
  return `${best} ${errs(difference.value)} ${from} ${range}.`;
}

/** One for each layer against one for both. */
export function layersText({ compared, settings, chosen }: Told): string {
  if (settings.spaces === 'one') return 'Only one for both was searched. Choose “one, then each” to compare.';
  if (!compared)
    return chosen.one
      ? 'One for each layer is being searched, with as many trials.'
      : 'First one for both layers is searched, then one for each.';
  const { one, each } = chosen;
  if (one && each && keepText(one.keep, 'each') === keepText(each.keep, 'each'))
    return `Both searches chose the same, keep.prob ${keepText(each.keep, 'each')}: here one number is enough.`;
  const range = `(${interval(compared)})`;
  if (compared.verdict === 'cannotTell')
    return `With as many trials each, it cannot be told whether one for each layer errs less ${range}. Then one is enough: it is one number to search in place of two.`;
  return `With as many trials each, one for each layer ${errs(compared.interval.value)} ${range}.`;
}

function largest({ chosen: { each }, settings }: Told): string {
  const { extra, hidden } = settings;
  const behind = hidden > 2 + extra ? 'hidden 2' : 'hidden 1';
  const start = `Here the largest matrix is that in front of ${behind}.`;
  if (!each)
    return settings.spaces === 'one'
      ? `${start} Search one for each layer to see.`
      : `${start} The second search will tell.`;
  const { hidden1, hidden2 } = each.keep;
  if (hidden1 === hidden2) return `${start} The search chose ${share(hidden1)} for both layers.`;
  const lower = hidden1 < hidden2 ? 'hidden 1' : 'hidden 2';
  return `${start} The search chose ${share(hidden1)} for hidden 1 and ${share(hidden2)} for hidden 2: the lower one ${lower === behind ? 'is behind it, as the lecture advises' : 'is behind the other'}. Another seed may choose otherwise.`;
}

/** How much of the lead of the best was luck. */
export function luck({ trials, chosen }: Told): string {
  const confirmed = trials.filter(({ space, fresh }) => space === 'one' && fresh.length > 0);
  if (!chosen.one || !confirmed.length) return 'The best three will be measured again on fresh folds.';
  const best = confirmed.reduce((least, trial) =>
    levelOf(trial.errors).value < levelOf(least.errors).value ? trial : least,
  );
  const [before, after] = [levelOf(best.errors).value, levelOf(best.fresh).value];
  return `The trial that looked best in the search had a dev error of ${percent(before)} there and ${percent(after)} on fresh folds${after > before ? ': part of its lead was luck' : ''}. The choice goes by the fresh ones.`;
}

function rule({ chosen }: Told): string {
  const { one } = chosen;
  if (!one) return 'When the trials are measured, one of them is chosen.';
  const name = one.isOff ? '“Off”' : `keep.prob ${keepText(one.keep, 'one')}`;
  return `${name} is chosen: the strongest regularization among the trials that are within one standard error of the best, in pairs on the fresh folds. ${verdict(one)}`;
}

export const claims = (told: Told): { said: string; shown: string }[] => [
  { said: 'keep.prob is one more number to search by cross-validation.', shown: rule(told) },
  {
    said: 'One keep.prob for some layers means fewer numbers to search than one for each.',
    shown: layersText(told),
  },
  { said: 'A layer with a large matrix may need a lower keep.prob.', shown: largest(told) },
];

/** Of what the results shown are, where the settings are others by now. */
export const ranText = (ran: Settings, settings: Settings): string =>
  runBefore(
    ran,
    settings,
    `${count(ran.trials)} trials on ${ran.folds} folds of ${count(ran.points)} points of “${ran.data}”, seed ${ran.seed}`,
  );
