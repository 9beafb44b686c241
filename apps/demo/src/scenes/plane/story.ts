/** What this scene tells, whichever way a run goes. */
import { runBefore } from '../../stage/runBefore.ts';
import type { Claim } from '../../stage/scene.ts';
import { count, percent } from '../../stage/shows.ts';
import { errorDifference, type Interval, rangeText, verdictOf } from '../../stage/statistics.ts';
import { troubleIn } from '../../stage/trouble.ts';
import { measuredOf } from './lab.ts';
import { ownData, type Settings } from './params.ts';
import { type Network, networks, type Report, titles } from './reports.ts';
import type { Instant } from './state.svelte.ts';

export const story = {
  title: 'Three networks draw a border',
  lecture: { name: 'Dropout Regularization', href: 'https://www.youtube.com/watch?v=D8PJAL-MZv8' },
  network:
    'Three networks 2-20-3-1, ReLU, sigmoid at the end, as in the course’s programming exercise “Regularization”; gradient descent on all points.',
} as const;

const differenceOf = ({ looks }: Report, first: Network, second: Network): Interval =>
  errorDifference(looks[first].wrongDev, looks[second].wrongDev);

/** Whether one network errs less on the dev points than another, with its interval. */
export function verdict(report: Report, first: Network, second: Network): string {
  const found = differenceOf(report, first, second);
  const points = report.looks[first].wrongDev.length;
  const range = `(95\u202f% interval of the difference ${rangeText(found)})`;
  const way = verdictOf(found);
  const [one, other] = [titles[first], titles[second]];
  if (way === 'cannot tell')
    return `${one} against ${other}: which errs less on dev points cannot be told from ${count(points)} of them ${range}.`;
  return `${way === 'above' ? other : one} errs less on dev points than ${way === 'above' ? one : other} ${range}.`;
}

function fittest(last: Instant): Network[] {
  const least = Math.min(...Object.values(last.train));
  return networks.filter(name => last.train[name] === least);
}

function fits(last: Instant): string {
  const best = fittest(last).map(name => titles[name]);
  return `Training error is ${percent(last.train.none)} without regularization, ${percent(last.train.l2)} with L2 and ${percent(last.train.dropout)} with dropout. Lowest: ${best.join(' and ')}.`;
}

const off = ({ lambda, keepProb }: Settings): string =>
  [
    lambda === 0 && 'λ is off, so the second network is like the first.',
    keepProb === 1 && 'keep.prob is 1, so the third network is like the first.',
  ]
    .filter(Boolean)
    .join(' ');

/** What was measured once, beside what this run shows. */
const overDraws = 'Measured over draws of the football field, at 5,000 further points, 95\u202f% intervals:';

export interface Told {
  readonly instants: readonly Instant[];
  readonly newest: Report | undefined;
  readonly settings: Settings;
  readonly changed: boolean;
}

/** Answers over the whole plane that differ by less, of 255, are one. */
const flat = 3;

/** What goes wrong, whatever regularizes; empty where nothing does. */
export function troubleText({ instants, newest, settings }: Omit<Told, 'changed'>): string {
  const [first, last] = [instants[0], instants.at(-1)];
  if (!first || !last || !newest || first === last) return '';
  const health = networks.map(name => {
    const { field } = newest.looks[name];
    const isFlat = field.every(own => Math.abs(own - (field[0] ?? 0)) < flat);
    return { title: titles[name], isFlat, cost: last.cost[name], firstCost: first.cost[name] };
  });
  return troubleIn(health, settings.learningRate, `iteration ${count(newest.iteration)}`);
}

export function claims({ instants, newest, settings, changed }: Told): Claim[] {
  const last = instants.at(-1);
  const wait = 'The first iterations will tell.';
  const note = changed ? 'The settings were changed on the way.' : off(settings);
  return [
    {
      said: 'Without regularization the network overfits: it fits the training points best.',
      shown: last ? `${fits(last)} ${note}` : wait,
      found: last && (fittest(last).length > 1 ? 'several' : fittest(last)[0]),
    },
    {
      said: 'L2 makes it err less on points that it has not seen.',
      shown: newest ? `${verdict(newest, 'none', 'l2')} ${overDraws} ${measuredOf('L2 against none')}` : wait,
      found: newest && verdictOf(differenceOf(newest, 'none', 'l2')),
    },
    {
      said: 'Dropout does so, too. In the course’s figures it is the best of the three.',
      shown: newest
        ? `${verdict(newest, 'none', 'dropout')} ${overDraws} ${measuredOf('dropout against none')} Against L2: ${measuredOf('dropout against L2')}`
        : wait,
      found: newest && verdictOf(differenceOf(newest, 'none', 'dropout')),
    },
    {
      said: 'Each iteration trains another, smaller network.',
      shown: newest
        ? `In iteration ${count(newest.iteration)}, ${newest.layers.map(({ kept }) => `${kept.filter(kept => kept === 0).length} of ${kept.length}`).join(' and ')} hidden units of the third network sat out for the first point.`
        : wait,
    },
  ];
}

/** Of what the results shown are, where the settings are others by now. */
export const ranText = (ran: Settings, settings: Settings): string =>
  runBefore(
    ran,
    settings,
    `${ran.data === ownData ? `your own ${count(ran.own.length / 4)} points` : `${count(ran.points)} points of “${ran.data}”`}, seed ${ran.seed}, λ ${ran.lambda}, keep.prob ${ran.keepProb}`,
    'show',
    'doubt',
  );
