/** What this scene trains: the three networks of the course's lab, on the same points. */
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { descent, hearing, isLookedAt } from '../../stage/worker/descent.ts';
import { setKept, withDropout } from '../../stage/worker/dropout.ts';
import { masksOf, type ThinnedLayer } from '../../stage/worker/masks.ts';
import { answersOf, denseNetwork, rowsOf, weightsOf, wrongOf } from '../../stage/worker/network.ts';
import { plugin, steerLearningRate } from '../../stage/worker/plugins.ts';
import type { Course } from '../../stage/worker/race.ts';
import { planeData } from './data.ts';
import { placesOf } from './grid.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { cells, type Look, type Network, networks, type Report, sizes, titles } from './reports.ts';

export function planeCourse(start: Settings, report: (report: Report) => void): Course<Settings> {
  let current = start;
  const data = planeData(start);
  const points = data.train.x.length;
  const train = rowsOf(data.train);
  const places = [...placesOf(cells), ...data.train.x, ...data.dev.x];
  const all = tf.tensor2d(places.flat(), [places.length, 2]);
  const network = (): LayersModel => denseNetwork(Object.values(sizes), 'sigmoid', start.seed);
  const models = { none: network(), l2: network(), dropout: withDropout(network(), keepProbsOf(start)) };
  const masks = masksOf(models.dropout);
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

  function look(name: Network): Look {
    const answers = answersOf(models[name], all);
    const area = cells * cells;
    return {
      field: Uint8Array.from(answers.subarray(0, area), p => Math.round(255 * p)),
      wrongTrain: wrongOf(answers, data.train, area),
      wrongDev: wrongOf(answers, data.dev, area + data.train.y.length),
      cost: costs[name],
    };
  }

  const costs: Record<Network, number> = { none: Number.NaN, l2: Number.NaN, dropout: Number.NaN };
  const hear = hearing(costs, iteration => {
    if (!isLookedAt(iteration, start.iterations)) return;
    report({
      iteration,
      looks: { none: look('none'), l2: look('l2'), dropout: look('dropout') },
      thinned: weightsOf(models.dropout),
      layers,
    });
  });

  return {
    lanes: networks.map(name => ({
      title: titles[name],
      model: models[name],
      plugins: [
        steerLearningRate(() => current.learningRate),
        name === 'l2' && l2({ strength: () => current.lambda / (2 * points) }),
        name === 'dropout' && watchMasks,
      ],
      hear: hear(name),
    })),
    data: train,
    ...descent({ ...start, points }, () => current.learningRate),
    change(next) {
      current = next;
      setKept(models.dropout, keepProbsOf(next));
    },
    dispose() {
      for (const model of Object.values(models)) model.dispose();
      tf.dispose([train.x, train.y, all]);
    },
  };
}
