/** What this scene tells, whichever way a run goes. */
import { runBefore } from '../../stage/runBefore.ts';
import type { Claim } from '../../stage/scene.ts';
import { count, percent } from '../../stage/shows.ts';
import { errorOf, rangeText } from '../../stage/statistics.ts';
import { type Effect, effectOf, isLook } from './effect.ts';
import type { Epoch } from './epochs.ts';
import { acts, looks, type Settings } from './params.ts';
import type { Pair } from './reports.ts';

export const story = {
  title: 'Should I regularize?',
  lecture: { name: 'Understanding Dropout', href: 'https://www.youtube.com/watch?v=ARq74QuavAo' },
  network:
    'Two hidden layers, ReLU, sigmoid at the end; Adam with rate 0.01, batches of 32. Of each seed both networks have the same weights at first, and the same batches.',
} as const;

export interface Told {
  readonly pairs: readonly Pair[];
  readonly epochs: readonly Epoch[];
  readonly settings: Settings;
  /** Whether no more pairs will come. */
  readonly done: boolean;
}

/** With regularization − without, of each pair. */
export const differencesOf = (pairs: readonly Pair[]): number[] =>
  pairs.map(({ off, on }) => errorOf(on) - errorOf(off));

const points = (value: number): string => `${(100 * Math.abs(value)).toFixed(1)} points`;
const seeds = (n: number): string => `${count(n)} ${n === 1 ? 'seed' : 'seeds'}`;
const level = (confidence: number): string => `${Number((100 * confidence).toFixed(1))}\u202f%`;

/** The answer in a word or two, and whether it is one: between two looks it is not. */
export function headline({ pairs, settings, done }: Told): string {
  if (!acts(settings)) return 'Nothing to compare';
  const effect = effectOf(pairs, settings);
  if (!effect) return 'Not known yet';
  if (!done && !isLook(pairs.length, settings)) return 'Not judged yet';
  return { helps: 'It helps', hurts: 'It hurts', cannotTell: 'Cannot tell' }[effect.verdict];
}

/** 98.3 % interval of the difference: −3.1 to −0.4 points */
export const intervalText = ({ interval, confidence }: Effect): string =>
  `${level(confidence)} interval of the difference: ${rangeText(interval)}`;

function wanted({ needed, interval }: Effect, have: number): string {
  if (interval.value === 0) return 'So far there is no difference at all.';
  if (needed.seeds)
    return needed.seeds > have ? `If the difference is what it seems, about ${seeds(needed.seeds)} would tell.` : '';
  return needed.rows
    ? `More seeds alone would not tell; about ${count(needed.rows)} dev points would.`
    : 'The difference is too small for any number of seeds.';
}

/** One sentence or two below the headline. */
export function verdict(told: Told): string {
  const { pairs, settings, done } = told;
  if (!acts(settings)) return 'keep.prob is 1 and λ is off, so both networks are one.';
  const effect = effectOf(pairs, settings);
  if (!effect) return 'At least two seeds are needed to know how much chance does.';
  const { interval, verdict: found } = effect;
  const range = `(${intervalText(effect)})`;
  const after = `After ${seeds(pairs.length)}`;
  if (!done && !isLook(pairs.length, settings)) {
    const next = settings.stop === 'yes' ? looks.find(seeds => seeds > pairs.length) : undefined;
    return `${after} dev error is ${points(interval.value)} ${interval.value > 0 ? 'higher' : 'lower'} with regularization ${range}. What that says is judged after ${seeds(Math.min(next ?? settings.pairs, settings.pairs))}.`;
  }
  if (found === 'cannotTell')
    return `${after} it cannot be told whether regularization helps ${range}. ${wanted(effect, pairs.length)}`.trim();
  const early =
    done && pairs.length < settings.pairs ? ` That was clear before all ${seeds(settings.pairs)} were trained.` : '';
  return `${after}, regularization ${found}: dev error is ${points(interval.value)} ${found === 'helps' ? 'lower' : 'higher'} with it ${range}.${early}`;
}

function overfits({ epochs }: Told): string {
  const last = epochs.at(-1);
  if (!last) return 'The first epochs will tell.';
  const { train, dev } = last.spread;
  const gap = dev.off.middle - train.off.middle;
  const way =
    gap > 0.03
      ? 'so it overfits'
      : train.off.middle > 0.1
        ? 'so it does not overfit; it does not even fit what it is trained on'
        : 'so it hardly overfits';
  return `Without regularization, training error is ${percent(train.off.middle)} and dev error ${percent(dev.off.middle)} at epoch ${last.epoch} (medians of ${seeds(last.errors.length)}), ${way}.`;
}

function chance({ pairs, settings }: Told): string {
  if (!acts(settings)) return 'Here both networks are one, so no seed shows a difference.';
  if (pairs.length < 2) return 'The second seed will tell.';
  const all = differencesOf(pairs);
  const [better, worse] = [all.filter(d => d < 0).length, all.filter(d => d > 0).length];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const one =
    better && worse ? 'Who had trained one pair alone might have said either.' : 'Here every seed points the same way.';
  return `With regularization dev error is lower for ${better} of ${seeds(all.length)}, higher for ${worse}: ${rangeText({ value: 0, lower: least, upper: most })}. ${one}`;
}

/** The verdict in a word, for the tour. */
function found({ pairs, settings, done }: Told): string | undefined {
  const effect = done ? effectOf(pairs, settings) : undefined;
  return effect && (effect.verdict === 'cannotTell' ? 'cannot tell' : effect.verdict);
}

export const claims = (told: Told): Claim[] => [
  { said: 'Dropout is for networks that overfit.', shown: overfits(told) },
  { said: 'Without overfitting, leave it out.', shown: verdict(told), found: found(told) },
  { said: 'What is true in one field need not be true in another: try it.', shown: chance(told) },
];

/** Of what the results shown are, where the settings are others by now. */
export const ranText = (ran: Settings, settings: Settings): string =>
  runBefore(
    ran,
    settings,
    `${count(ran.points)} points of “${ran.data}”, ${ran.hidden} hidden units, keep.prob ${ran.keepProb}, λ ${ran.lambda}, seed ${ran.seed}`,
    'level',
    'pairs',
  );
