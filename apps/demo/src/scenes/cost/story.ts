/** What this scene tells, whichever way a run goes. */
import { runBefore } from '../../stage/runBefore.ts';
import type { Claim } from '../../stage/scene.ts';
import { count } from '../../stage/shows.ts';
import { risesOf } from './figures.ts';
import { keepProbOf, type Settings } from './params.ts';
import type { Iteration } from './reports.ts';

export const story = {
  title: 'Is J well defined?',
  lecture: { name: 'Understanding Dropout', href: 'https://www.youtube.com/watch?v=ARq74QuavAo' },
  network:
    'One network 2-20-3-1, twice, from the same weights; ReLU, sigmoid at the end; gradient descent on all 200 points.',
} as const;

const rose = (n: number): string =>
  n === 0 ? 'never rose' : `rose ${n === 1 ? 'once' : n === 2 ? 'twice' : `${count(n)} times`}`;

interface Told {
  readonly iterations: readonly Iteration[];
  readonly settings: Settings;
  readonly changed: boolean;
}

function off({ iterations, settings, changed }: Told): string {
  const rises = risesOf(iterations, 'off');
  const start = `In ${count(iterations.length)} iterations with dropout off J ${rose(rises.length)}`;
  if (!rises.length) return `${start}: the steps are right.`;
  const first = `${start}, first at iteration ${count(rises[0] ?? 0)}.`;
  return changed
    ? `${first} The settings were changed on the way; a learning rate that is too high makes J rise.`
    : `${first} Without dropout that says: the learning rate ${settings.learningRate} is too high, so that steps jump across the valley. Lower it, and J falls.`;
}

function on({ iterations, settings, changed }: Told): string {
  const [rises, clean] = [risesOf(iterations, 'on').length, risesOf(iterations, 'clean').length];
  if (keepProbOf(settings) === 1 && !changed)
    return 'Dropout is off in the second network, too, so both lines are one.';
  return `J of the second network ${rose(rises)} in ${count(iterations.length)} iterations: each iteration looks at another, smaller network, so one J cannot be compared with the next. Seen without dropout at the same weights, it ${rose(clean)}.${2 * clean < rises ? ' So most of the rises are the masks’, not the learning’s.' : ''}`;
}

export function claims(told: Told): Claim[] {
  const wait = told.iterations.length < 2 ? 'The first iterations will tell.' : '';
  const found = (kind: 'on' | 'off'): string | undefined =>
    wait ? undefined : risesOf(told.iterations, kind).length ? 'rises' : 'falls';
  return [
    {
      said: 'With dropout on, J is not well defined: it need not fall in every iteration.',
      shown: wait || on(told),
      found: found('on'),
    },
    {
      said: 'So turn dropout off, run the code, and see that J falls in every iteration.',
      shown: wait || off(told),
      found: found('off'),
    },
    {
      said: 'Then turn dropout on, and hope that there is no bug.',
      shown:
        'Hope is not needed: checkCost of @keepprob/lens runs some iterations without dropout, says whether J fell in each, and if not, why (a layer that is still random, a wrong gradient, a learning rate too high). The program below calls it.',
    },
  ];
}

/** Of what the results shown are, where the settings are others by now. */
export const ranText = (ran: Settings, settings: Settings): string =>
  runBefore(
    ran,
    settings,
    `“${ran.data}”, seed ${ran.seed}, keep.prob ${keepProbOf(ran)}, learning rate ${ran.learningRate}`,
  );
