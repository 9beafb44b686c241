/** What this scene trains: the three networks of the course's lab, on the same points, for each seed. */
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { seedsOf } from '../../stage/seeds.ts';
import { rangeOf } from '../../stage/spread.ts';
import { errorOf } from '../../stage/statistics.ts';
import { descent, hearing, isLookedAt } from '../../stage/worker/descent.ts';
import { setKept, withDropout } from '../../stage/worker/dropout.ts';
import { gainOf } from '../../stage/worker/gain.ts';
import { masksOf, type ThinnedLayer } from '../../stage/worker/masks.ts';
import { answersOf, denseNetwork, rowsOf, weightsOf, wrongOf } from '../../stage/worker/network.ts';
import { plugin, steerLearningRate } from '../../stage/worker/plugins.ts';
import type { Course } from '../../stage/worker/race.ts';
import { planeData } from './data.ts';
import { placesOf } from './grid.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { cells, each, type Network, networks, type Over, type Report, sizes, titles } from './reports.ts';

type Models = Readonly<Record<Network, LayersModel>>;

/** Answers over all places that differ by less are one. */
const flat = 0.012;

/** One network after an iteration. */
interface Seen {
  readonly answers: Float32Array;
  readonly wrongTrain: Uint8Array;
  readonly wrongDev: Uint8Array;
  /** J of the iteration. */
  readonly cost: number;
}

const isFlat = ({ answers }: Seen): boolean => answers.every(own => Math.abs(own - (answers[0] ?? 0)) < flat);

const overOf = (seen: readonly Seen[]): Over => ({
  train: rangeOf(seen.map(({ wrongTrain }) => errorOf(wrongTrain))),
  dev: rangeOf(seen.map(({ wrongDev }) => errorOf(wrongDev))),
  cost: rangeOf(seen.map(({ cost }) => cost)),
  flat: seen.filter(isFlat).length,
});

const modelsOf = (settings: Settings, seed: number): Models => {
  const network = (): LayersModel => denseNetwork(Object.values(sizes), 'sigmoid', seed);
  return { none: network(), l2: network(), dropout: withDropout(network(), keepProbsOf(settings)) };
};

export function planeCourse(start: Settings, report: (report: Report) => void): Course<Settings> {
  let current = start;
  const data = planeData(start);
  const points = data.train.x.length;
  const train = rowsOf(data.train);
  const known = [...data.train.x, ...data.dev.x];
  const area = placesOf(cells);
  /** Where the networks of the first seed are asked, which are drawn, and those of the others. */
  const places = [[...area, ...known], known].map(all => tf.tensor2d(all.flat(), [all.length, 2]));
  const seeds = seedsOf(start);
  const fleet = seeds.map(seed => modelsOf(start, seed));
  const first = fleet[0] as Models;
  const masks = masksOf(first.dropout);
  let layers: readonly ThinnedLayer[] = [];
  const watchMasks = plugin('watchMasks', {
    batch(batch, at) {
      const { keepProb } = current;
      layers = masks(
        (['hidden1', 'hidden2'] as const).map(name => ({ name, units: sizes[name], keepProb })),
        at,
      );
      return batch;
    },
  });

  function see(name: Network): Seen[] {
    return fleet.map((models, i) => {
      const answers = answersOf(models[name], places[Math.min(i, 1)] as tf.Tensor2D);
      const from = i ? 0 : area.length;
      return {
        answers,
        wrongTrain: wrongOf(answers, data.train, from),
        wrongDev: wrongOf(answers, data.dev, from + points),
        cost: costs[i]?.[name] ?? Number.NaN,
      };
    });
  }

  const costs = fleet.map(() => each(() => Number.NaN));
  const hear = hearing(costs, iteration => {
    if (!isLookedAt(iteration, start.iterations)) return;
    const seen = each(see);
    const wrong = each(name => seen[name].map(({ wrongDev }) => wrongDev));
    report({
      iteration,
      over: each(name => overOf(seen[name])),
      gains: { l2: gainOf(wrong.none, wrong.l2), dropout: gainOf(wrong.none, wrong.dropout) },
      looks: each(name => {
        const { answers, ...look } = seen[name][0] as Seen;
        return { ...look, field: Uint8Array.from(answers.subarray(0, area.length), p => Math.round(255 * p)) };
      }),
      thinned: weightsOf(first.dropout),
      layers,
    });
  });

  return {
    lanes: seeds.flatMap((seed, i) =>
      networks.map(name => ({
        title: seeds.length > 1 ? `${titles[name]}, seed ${seed}` : titles[name],
        model: (fleet[i] as Models)[name],
        seed,
        plugins: [
          steerLearningRate(() => current.learningRate),
          name === 'l2' && l2({ strength: () => current.lambda / (2 * points) }),
          name === 'dropout' && i === 0 && watchMasks,
        ],
        hear: hear(name, i),
      })),
    ),
    data: train,
    ...descent({ ...start, points }, () => current.learningRate),
    change(next) {
      current = next;
      for (const { dropout } of fleet) setKept(dropout, keepProbsOf(next));
    },
    dispose() {
      for (const models of fleet) for (const model of Object.values(models)) model.dispose();
      tf.dispose([train.x, train.y, ...places]);
    },
  };
}
