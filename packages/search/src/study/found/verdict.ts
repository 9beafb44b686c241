/** Whether regularization helps, in words: with the interval, the evidence, and how to get more of it. */
import type { AgainstOff, ChosenTrial, Found, FoundTrial } from './found.ts';

/** The subject of a verdict: the result of `search`, or the content of its journal. */
export interface Judged {
  readonly searched: Pick<Found['searched'], 'metric' | 'dimensions' | 'pairs' | 'freshPairs'>;
  readonly trials: readonly Pick<FoundTrial, 'isOff' | 'state' | 'reason'>[];
  readonly chosen: Pick<ChosenTrial, 'trial'>;
  readonly against: Found['against'];
}

export const short = (value: number): string => `${Number(value.toPrecision(4))}`;
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** `between 0.1 and 0.3`; null for a single value, which has no interval. */
export const between = ([low, high]: readonly [number, number]): string | null =>
  Number.isFinite(low) && Number.isFinite(high) ? `between ${short(low)} and ${short(high)}` : null;

export function verdictOf(judged: Judged): string {
  const { off } = judged.against;
  if (!off) return notCompared(judged);
  const isLeftOff = off.off === judged.chosen.trial;
  const said = [numbersOf(judged, off, isLeftOff), ...(isLeftOff ? ['The choice is to leave it off.'] : [])];
  if (off.verdict === 'helps') return ['Regularization helps.', ...said].join(' ');
  if (off.verdict === 'hurts') return ['Regularization hurts.', ...said].join(' ');
  return ['It cannot be told whether regularization helps.', ...said, needed(judged, off)].join(' ');
}

function numbersOf({ searched: { metric } }: Judged, off: AgainstOff, isLeftOff: boolean): string {
  const { difference, interval, units } = off;
  if (isSame(off)) return `With it and without it, ${metric} is the same in ${counted(units, 'fold')}.`;
  const what = isLeftOff ? 'With the best regularization that was found' : 'With regularization';
  const size = `${short(Math.abs(difference))} ${difference < 0 ? 'less' : 'more'}`;
  const rests = [between(interval), `in ${counted(units, 'fold')}`].filter(part => part !== null);
  return `${what}, ${metric} is ${size} than without (${rests.join(', ')}).`;
}

const isSame = ({ difference, error }: AgainstOff): boolean => difference === 0 && error === 0;

/** Which options would help to decide. A fresh partition has as many folds as the search, unless the splitter makes the same folds again. */
function needed({ searched: { pairs, freshPairs } }: Judged, off: AgainstOff): string {
  if (isSame(off)) return 'Does the trial use its values?';
  if (off.units < 2)
    return 'A single fold does not tell how much folds differ: take more `folds`, or more `seeds` of `confirm`.';
  if (off.unitsNeeded === null) return 'More folds of this kind would not settle it; more rows, or a larger k, may.';
  const folds = `About ${off.unitsNeeded} folds would tell a difference of this size`;
  const drawsAnew = freshPairs.some(({ fold }) => fold >= pairs.length);
  return drawsAnew ? `${folds}: \`confirm\` with ${Math.ceil(off.unitsNeeded / pairs.length)} \`seeds\`.` : `${folds}.`;
}

/** Why there is no comparison. */
function notCompared({ searched: { dimensions }, trials }: Judged): string {
  const nothing = 'There is nothing to compare with:';
  if (dimensions.every(({ off }) => off === undefined))
    return `${nothing} nothing in the space has an "off". A keepProb has one, 1; for others say it, such as \`off: 0\`.`;
  const failed = trials.find(({ isOff, state }) => isOff && state === 'failed');
  if (failed) return `${nothing} without regularization the trial failed. ${failed.reason}`;
  const others = trials.filter(({ isOff }) => !isOff);
  if (others.length === 0) return `${nothing} "off" is the only trial. Take more \`trials\`.`;
  if (others.some(({ state }) => state === 'complete')) return `${nothing} "off" was not measured on all folds.`;
  const states = (['pruned', 'failed', 'running'] as const).flatMap(state => {
    const count = others.filter(trial => trial.state === state).length;
    return count > 0 ? [`${count} ${state}`] : [];
  });
  return `${nothing} no trial with regularization is complete (${states.join(', ')}). With \`confirm\` the best of them is measured in pairs with "off".`;
}
