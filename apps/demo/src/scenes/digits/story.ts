/** What the lecture "Understanding Dropout" says, beside what this run shows, whichever way it goes. Texts follow from the state. */
import { runBefore } from '../../stage/runBefore.ts';
import type { Claim } from '../../stage/scene.ts';
import { meansText, restsOn, seedsText } from '../../stage/seeds.ts';
import { count, percent, power } from '../../stage/shows.ts';
import { rangeText, verdictOf } from '../../stage/statistics.ts';
import { droppedOf } from './drawing.ts';
import { costsOf } from './figures.ts';
import type { Settings } from './params.ts';
import { type KeepProbs, mostProbable, type Reading, thinnings } from './reading.ts';
import { type Epoch, type Picture, type Point, type Twin, twins } from './reports.ts';

export const story = {
  title: 'What does regularization do to overfitting?',
  lecture: { name: 'Understanding Dropout', href: 'https://www.youtube.com/watch?v=ARq74QuavAo' },
  network: 'Two networks 784-128-64-10, ReLU, Adam, batches of 50. 2,000 dev digits of MNIST.',
} as const;

/** What a text may speak of. */
export interface State {
  readonly epochs: readonly Epoch[];
  readonly picture: Picture | undefined;
  /** The settings of the run shown, by now. */
  readonly settings: Settings;
  /** Whether they were changed on the way. */
  readonly changed: boolean;
}

const joined = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** The regularizers that act. */
export function acting({ keepProbInput, keepProb1, keepProb2, lambda, maxNorm }: Settings): string[] {
  const dropout = Math.min(keepProbInput, keepProb1, keepProb2) < 1;
  return [dropout && 'dropout', lambda > 0 && 'L2', maxNorm > 0 && 'max-norm'].filter(name => name !== false);
}

const points = (value: number): string => (100 * Math.abs(value)).toFixed(1);

/** "At epoch 9 regularization helps: …", or that it cannot be told. */
export function verdict({ epoch, gain, devDigits }: Epoch, seeds: number): string {
  const range = `95\u202f% interval of the difference: ${rangeText(gain)}`;
  const found = verdictOf(gain);
  const from = restsOn(seeds, `${count(devDigits)} dev digits`);
  if (found === 'cannot tell') return `Whether regularization helps cannot be told from ${from} (${range}).`;
  const way = found === 'above' ? 'helps: its dev error is lower' : 'hurts: its dev error is higher';
  const mean = seeds > 1 ? `, in the mean of ${seeds} seeds` : '';
  return `At epoch ${epoch} regularization ${way} by ${points(gain.value)} points${mean} (${range}).`;
}

const best = (epochs: readonly Epoch[], twin: Twin): Epoch | undefined =>
  epochs.reduce<Epoch | undefined>(
    (least, epoch) => (least && least[twin].validationError <= epoch[twin].validationError ? least : epoch),
    undefined,
  );

/** Of ten digits, one is right by chance. */
const guessing = 0.8;

/** What goes wrong, whatever regularizes; empty where nothing does. */
export function troubleText(epochs: readonly Epoch[], { learningRate }: Settings): string {
  const last = epochs[1] && epochs.at(-1);
  const found = last ? twins.filter(twin => last[twin].validationError > guessing) : [];
  const names = found.length === 2 ? 'Both networks read' : `The ${found[0]} network reads`;
  return found.length && learningRate > 1e-3
    ? `${names} little better than by guessing, which errs in 90\u202f%. The learning rate, ${learningRate}, is probably too high: lower it and start over.`
    : '';
}

/** The lowest dev error so far, and when that was. */
export function bestText(epochs: readonly Epoch[], twin: Twin): string {
  const found = best(epochs, twin);
  return found ? `best ${percent(found[twin].validationError)} at epoch ${found.epoch}` : '';
}

function thinning({ picture, settings: { seed, seeds } }: State): string {
  if (!picture) return 'Press Train to see the units that a step leaves out.';
  const hidden = droppedOf(picture.layers).filter(({ name }) => name !== 'input');
  if (picture.layers.every(({ keepProb }) => keepProb === 1))
    return 'Every keep.prob is 1, so every iteration trains the whole network.';
  const out = hidden.map(({ dropped, total }) => `${dropped} of ${total}`).join(' and ');
  return `In step ${picture.step + 1}${seeds > 1 ? ` of seed ${seed}` : ''}, ${out} hidden units sat out for the digit drawn.`;
}

function usefulness({ epochs, settings, changed }: State): string {
  const last = epochs.at(-1);
  if (!last) return 'The first epoch will tell.';
  const { plain, regularized } = last;
  const { seeds } = settings;
  const errors = `Dev error is ${percent(plain.validationError)} for the plain network and ${percent(regularized.validationError)} for the other${meansText(seeds)}.`;
  if (!acting(settings).length && !changed)
    return `${errors} Nothing regularizes the second network, so there is nothing to tell.`;
  const fit =
    plain.gap > 2 * plain.trainLoss ? 'The plain network overfits' : 'The plain network overfits little so far';
  return `${fit}: its loss is ${plain.trainLoss.toFixed(2)} on training digits and ${plain.validationLoss.toFixed(2)} on dev digits. ${errors} ${verdict(last, seeds)}${seeds > 1 ? '' : ' Another seed may say otherwise.'}`;
}

const rises = (costs: readonly number[]): number => costs.filter((cost, i) => cost > (costs[i - 1] ?? cost)).length;

function costs({ epochs, settings: { seeds } }: State): string {
  const plain = costsOf(epochs, 'plain');
  if (plain.length < 2) return 'Two iterations are needed to compare.';
  return `Over ${count(plain.length)} iterations ${seeds > 1 ? `the mean J of ${seeds} seeds` : 'J'} rose ${count(rises(costsOf(epochs, 'regularized')))} times for the regularized network and ${count(rises(plain))} times for the plain one. Here it rises without dropout as well, since every iteration looks at another batch. The scene “Is J well defined?” looks at all data in every iteration, and tells the two apart.`;
}

const arrow = (twin: string, from: number, to: number): string => `${twin} ${percent(from)} → ${percent(to)}`;

function norms({ epochs, settings, changed }: State): string {
  const [first, last] = [epochs[0], epochs.at(-1)];
  if (!first || !last) return 'The first epoch will tell.';
  const [a, b] = [last.plain.squaredNorm, last.regularized.squaredNorm];
  const size = `Σ w² is ${b.toFixed(1)} in the regularized network and ${a.toFixed(1)} in the plain one${meansText(settings.seeds)}: ${a === b ? 'the same' : b < a ? 'smaller' : 'larger, against the claim'}.`;
  const names = acting(settings);
  const cause = changed
    ? 'The settings were changed on the way, so this is of all of them together.'
    : names.length === 0
      ? 'Nothing regularizes it.'
      : names.length > 1
        ? `${joined(names)[0]?.toUpperCase()}${joined(names).slice(1)} act together; leave dropout alone on to see what it does.`
        : `Only ${names[0]} acts.`;
  const spread = (of: (point: Point) => number): string =>
    `${arrow('plain', of(first.plain), of(last.plain))}, ${arrow('regularized', of(first.regularized), of(last.regularized))}`;
  return `${size} ${cause} Spread of the weights since the first epoch: hidden 1 ${spread(p => p.spreadHidden1)}; output ${spread(p => p.spreadOutput)}.`;
}

export function claims(state: State): Claim[] {
  const last = state.epochs.at(-1);
  return [
    { said: 'With dropout, every iteration trains a smaller network.', shown: thinning(state) },
    {
      said: 'Dropout is for networks that overfit; without overfitting, leave it out.',
      shown: usefulness(state),
      found: last && verdictOf(last.gain),
    },
    {
      said: 'With dropout J is not well defined: it need not fall from one iteration to the next.',
      shown: costs(state),
    },
    { said: 'Dropout spreads out the weights and shrinks their squared norm, as L2 does.', shown: norms(state) },
  ];
}

/** What is read in one digit. */
export function readingText(reading: Reading, plain: readonly number[], keepProbs: KeepProbs): string {
  const read = (values: readonly number[]): string => {
    const digit = mostProbable(values);
    return `${digit} (${percent(values[digit] ?? 0)})`;
  };
  const votes = reading.votes.flatMap((count, digit) => (count ? [{ count, digit }] : []));
  const counted = joined(
    votes
      .toSorted((a, b) => b.count - a.count)
      .map(({ count, digit }, i) => `${count}${i ? '' : ` of ${thinnings}`} read ${digit}`),
  );
  const thinned =
    Math.min(...Object.values(keepProbs)) === 1
      ? 'Every keep.prob is 1, so thinned networks are the whole one.'
      : `Of networks thinned from it at random, ${counted}.`;
  return `The regularized network reads ${read(reading.whole)}, the plain one ${read(plain)}. ${thinned}`;
}

/** What acts on the second network, in words. */
export function actingText(settings: Settings): string {
  const names = acting(settings);
  return names.length ? `regularized by ${joined(names)}` : 'not regularized at all: every setting is off';
}

/** Of what the results shown are, where the settings are others by now. */
export function ranText(ran: Settings, settings: Settings): string {
  const same =
    ran.trainSize === settings.trainSize && ran.epochs === settings.epochs && seedsText(ran) === seedsText(settings);
  const of = same
    ? `keep.prob ${ran.keepProbInput}, ${ran.keepProb1}, ${ran.keepProb2}, λ ${ran.lambda === 0 ? 'off' : power(ran.lambda)}, max-norm ${ran.maxNorm || 'off'}, learning rate ${ran.learningRate}`
    : `${count(ran.trainSize)} training digits, ${ran.epochs} epochs, ${seedsText(ran)}`;
  return runBefore(ran, settings, of);
}
