/** What this scene tells, whichever way a run goes. */
import { runBefore } from '../../stage/runBefore.ts';
import type { Claim } from '../../stage/scene.ts';
import { meansText, restsOn, seedsText } from '../../stage/seeds.ts';
import { count, percent } from '../../stage/shows.ts';
import { rangeText, verdictOf } from '../../stage/statistics.ts';
import { troubleIn } from '../../stage/trouble.ts';
import { measuredOf } from './lab.ts';
import { ownData, type Settings } from './params.ts';
import { type Instant, type Network, networks, type Regularized, type Report, titles } from './reports.ts';

export const story = {
  title: 'Three networks draw a border',
  lecture: { name: 'Dropout Regularization', href: 'https://www.youtube.com/watch?v=D8PJAL-MZv8' },
  network:
    'Three networks 2-20-3-1, ReLU, sigmoid at the end, as in the course’s programming exercise “Regularization”; gradient descent on all points.',
} as const;

/** Whether a regularized network errs less on the dev points than the one without, with its interval. */
export function verdict({ gains, looks }: Report, { seeds }: Settings, name: Regularized): string {
  const found = gains[name];
  const range = `(95\u202f% interval of the difference ${rangeText(found)})`;
  const way = verdictOf(found);
  const [one, other] = [titles.none, titles[name]];
  const from = restsOn(seeds, `${count(looks.none.wrongDev.length)} dev points`);
  if (way === 'cannot tell') return `${one} against ${other}: which errs less cannot be told from ${from} ${range}.`;
  return `${way === 'above' ? other : one} errs less on dev points than ${way === 'above' ? one : other}${meansText(seeds)} ${range}.`;
}

function fittest(last: Instant): Network[] {
  const least = Math.min(...networks.map(name => last.over[name].train.middle));
  return networks.filter(name => last.over[name].train.middle === least);
}

function fits(last: Instant, { seeds }: Settings): string {
  const best = fittest(last).map(name => titles[name]);
  const error = (name: Network): string => percent(last.over[name].train.middle);
  return `Training error is ${error('none')} without regularization, ${error('l2')} with L2 and ${error('dropout')} with dropout${meansText(seeds)}. Lowest: ${best.join(' and ')}.`;
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

/** What goes wrong, whatever regularizes; empty where nothing does. */
export function troubleText({ instants, newest, settings }: Omit<Told, 'changed'>): string {
  const [first, last] = [instants[0], instants.at(-1)];
  if (!first || !last || !newest || first === last) return '';
  const { seeds } = settings;
  const health = networks.map(name => {
    const { flat, cost } = last.over[name];
    const some = flat && flat < seeds ? ` (${flat} of ${seeds} seeds)` : '';
    const firstCost = first.over[name].cost.middle;
    return { title: `${titles[name]}${some}`, isFlat: flat > 0, cost: cost.middle, firstCost };
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
      shown: last ? `${fits(last, settings)} ${note}` : wait,
      found: last && (fittest(last).length > 1 ? 'several' : fittest(last)[0]),
    },
    {
      said: 'L2 makes it err less on points that it has not seen.',
      shown: newest ? `${verdict(newest, settings, 'l2')} ${overDraws} ${measuredOf('L2 against none')}` : wait,
      found: newest && verdictOf(newest.gains.l2),
    },
    {
      said: 'Dropout does so, too. In the course’s figures it is the best of the three.',
      shown: newest
        ? `${verdict(newest, settings, 'dropout')} ${overDraws} ${measuredOf('dropout against none')} Against L2: ${measuredOf('dropout against L2')}`
        : wait,
      found: newest && verdictOf(newest.gains.dropout),
    },
    {
      said: 'Each iteration trains another, smaller network.',
      shown: newest
        ? `In iteration ${count(newest.iteration)}, ${newest.layers.map(({ kept }) => `${kept.filter(kept => kept === 0).length} of ${kept.length}`).join(' and ')} hidden units of the third network sat out for the first point${settings.seeds > 1 ? ` (of seed ${settings.seed})` : ''}.`
        : wait,
    },
  ];
}

/** Of what the results shown are, where the settings are others by now. */
export const ranText = (ran: Settings, settings: Settings): string =>
  runBefore(
    ran,
    settings,
    `${ran.data === ownData ? `your own ${count(ran.own.length / 4)} points` : `${count(ran.points)} points of “${ran.data}”`}, ${seedsText(ran)}, λ ${ran.lambda}, keep.prob ${ran.keepProb}`,
    'show',
    'doubt',
  );
