/** What this scene tells, whichever way a run goes. */
import { itemsOf } from '../../stage/params.ts';
import { runBefore } from '../../stage/runBefore.ts';
import { count } from '../../stage/shows.ts';
import { milliseconds } from './figures.ts';
import { type Added, addedBy, counted, stepTime } from './measured.ts';
import { filled, type Nested, nested } from './nested.ts';
import { techniquesOf } from './offered.ts';
import { params, type Settings } from './params.ts';
import type { Round } from './reports.ts';
import { isPlugin, type Technique } from './technique.ts';

export const story = {
  title: 'Compose regularization',
  lecture: { name: 'Understanding Dropout', href: 'https://www.youtube.com/watch?v=ARq74QuavAo' },
  network:
    'Networks with 64 inputs, two hidden layers and 10 outputs, ReLU, softmax; Adam with rate 0.001. All have the same weights at first, and see the same rows in every step.',
} as const;

/** Those in the list, in its order. */
export const chosenIn = (settings: Settings): Technique[] =>
  techniquesOf(itemsOf(settings.techniques), settings.options);

export const signed = (value: number, show: (value: number) => string): string =>
  `${value < 0 ? '−' : '+'}${show(Math.abs(value))}`;

/** Near 0 with more digits, so that an end that is clear of 0 does not look like it. */
const bound = (value: number): string => value.toFixed(Math.abs(value) < 0.01 ? 4 : 2).replace('-', '−');

/** What one of them adds to the time of a step, with its interval. */
export function timeText({ time, isClear }: Added): string {
  const range = `${bound(time.lower)} to ${bound(time.upper)}`;
  return `${signed(time.middle, milliseconds)} (${range}${isClear ? '' : ': noise'})`;
}

/** What one of them adds to J of the first step. */
export const costText = ({ cost }: Added): string =>
  Math.abs(cost) < 5e-5 ? 'nothing' : signed(cost, value => value.toFixed(4));

/** All of them together. */
export function total(rounds: readonly Round[], settings: Settings): string {
  const last = chosenIn(settings).length;
  if (last === 0) return 'The list is empty: this is the bare step.';
  if (!rounds.length) return 'The first rounds will tell.';
  const bare = stepTime(rounds, 0).middle;
  const added = addedBy(rounds, 0, last);
  const { middle, lower, upper } = added.time;
  const range = `95\u202f% interval ${bound(lower)} to ${bound(upper)}, from ${count(counted(rounds).length)} pairs of steps`;
  const start = `The bare step takes ${milliseconds(bare)}; all of them together add`;
  if (!added.isClear) return `${start} nothing that can be told from the noise of this machine (${range}).`;
  return `${start} ${signed(middle, milliseconds)}, ${Math.abs(Math.round((100 * middle) / bare))}\u202f% ${middle > 0 ? 'more' : 'less'} (${range}).`;
}

/** What goes around nothing. */
const around = (found: Nested): string[] =>
  filled([found]).length
    ? found.inner.flatMap(around)
    : [
        found.technique.kind === 'rates'
          ? `${found.technique.name} puts schedules of the learning rate one after the other: put some, such as linear and cosine, right behind it.`
          : `${found.technique.name} goes around what changes the batch: put mixup, inputNoise or labelSmoothing right behind it.`,
      ];

/** What the catalogue warns of, as far as it is about this list, or about Adam, which trains here. */
export function warnings(settings: Settings): string[] {
  const chosen = chosenIn(settings);
  const names = new Set(['Adam', ...chosen.map(({ name }) => name)]);
  return [
    ...chosen.flatMap(({ name, badly }) =>
      Object.entries(badly)
        .filter(([other]) => names.has(other))
        .map(([other, why]) => `${name} with ${other}: ${why}.`),
    ),
    ...nested(chosen.filter(isPlugin)).flatMap(around),
    ...(names.has('rDrop') && !chosen.some(({ name }) => /dropout$/i.test(name))
      ? ['rDrop without dropout: both passes are the same.']
      : []),
  ];
}

const rises = (rounds: readonly Round[], at: number): number =>
  rounds.filter(({ costs }, i) => (costs[at] ?? 0) > (rounds[i - 1]?.costs[at] ?? Number.POSITIVE_INFINITY)).length;

function wellDefined(rounds: readonly Round[], settings: Settings): string {
  const chosen = chosenIn(settings);
  if (rounds.length < 2) return 'The first steps will tell.';
  const bare = `Every step looks at the same rows. J of the bare network rose in ${count(rises(rounds, 0))} of ${count(rounds.length - 1)} steps`;
  if (!chosen.length) return `${bare}.`;
  return `${bare}, with all of the list in ${count(rises(rounds, chosen.length))}. What is random, such as dropout, gives each step another J.`;
}

function parts(rounds: readonly Round[], settings: Settings): string {
  const chosen = chosenIn(settings);
  if (!chosen.length) return 'Add l2 to the list to see it.';
  if (!rounds.length) return 'The first step will tell.';
  const told = chosen.map(({ name }, i) => `${name} ${costText(addedBy(rounds, i, i + 1))}`);
  return `Added to J of the first step, from the same weights: ${told.join(', ')}. What acts on gradients or on weights after the update adds nothing to J; what is random is seen in one draw.`;
}

export const claims = (rounds: readonly Round[], settings: Settings): { said: string; shown: string }[] => [
  {
    said: 'With dropout J is not well defined: it need not fall in every iteration.',
    shown: wellDefined(rounds, settings),
  },
  { said: 'L2 adds a penalty to J that grows with the weights.', shown: parts(rounds, settings) },
];

/** Of what the results shown are, where the settings are others by now. */
export const ranText = (ran: Settings, settings: Settings): string =>
  runBefore(
    ran,
    settings,
    `${ran.techniques.replaceAll(',', ', ') || 'the bare step'}${ran.options && `, ${params.options.show(ran.options)}`}; ${ran.hidden} hidden units, ${ran.batch} rows`,
  );
