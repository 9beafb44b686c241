/** What this scene trains: the lecture's network, whole and thinned, from the same weights. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { solidOf } from '../../stage/points.ts';
import { errorOf } from '../../stage/statistics.ts';
import { descent, hearing, isLookedAt } from '../../stage/worker/descent.ts';
import { setKept, withDropout } from '../../stage/worker/dropout.ts';
import { masksOf, type ThinnedLayer } from '../../stage/worker/masks.ts';
import { answersOf, denseNetwork, rowsOf, wrongOf } from '../../stage/worker/network.ts';
import { plugin, steerLearningRate } from '../../stage/worker/plugins.ts';
import type { Course } from '../../stage/worker/race.ts';
import { keepProbsOf, layerNames, type Settings } from './params.ts';
import { type Lambdas, type Look, type Network, networks, type Report, units } from './reports.ts';

const network = (seed: number): LayersModel => denseNetwork(units, 'sigmoid', seed);

/** What @keepprob/lens suggests, by the lecture's rule. */
async function suggested(): Promise<Report> {
  const { suggestKeepProbs } = await import('@keepprob/lens');
  const model = network(0);
  const { keepProbs, input, text } = suggestKeepProbs(model);
  model.dispose();
  return { type: 'suggestion', keepProbs: { ...keepProbs, input }, text };
}

/** Of every matrix, that of the dropout before it. */
async function lambdasOf(model: LayersModel, data: { x: tf.Tensor; y: tf.Tensor }): Promise<Lambdas> {
  const { effectiveL2 } = await import('@keepprob/lens');
  const { sites } = await effectiveL2(model, data, { loss: 'binaryCrossentropy' });
  return layerNames.map(name => {
    const found = sites.find(site => site.name === `${name}_dropout`)?.weights;
    return found ? Float32Array.from(found.values) : null;
  });
}

export function lectureCourse(start: Settings, report: (report: Report) => void): Course<Settings> {
  let current = start;
  const data = solidOf(start);
  const train = rowsOf(data.train);
  const dev = rowsOf(data.dev);
  const models = { whole: network(start.seed), thinned: withDropout(network(start.seed), keepProbsOf(start)) };
  const masks = masksOf(models.thinned);
  let layers: readonly ThinnedLayer[] = [];
  const watchMasks = plugin('watchMasks', {
    batch(batch, at) {
      const kept = keepProbsOf(current);
      layers = masks(
        layerNames.map((name, i) => ({ name, units: units[i] ?? 0, keepProb: kept[name] })),
        at,
      );
      return batch;
    },
  });

  const costs: Record<Network, number> = { whole: Number.NaN, thinned: Number.NaN };
  function look(name: Network): Look {
    return {
      trainError: errorOf(wrongOf(answersOf(models[name], train.x), data.train)),
      wrongDev: wrongOf(answersOf(models[name], dev.x), data.dev),
      cost: costs[name],
      kernels: models[name].weights
        .filter(weight => weight.shape.length === 2)
        .map(weight => Float32Array.from(weight.read().dataSync())),
    };
  }

  const hear = hearing(costs, iteration => {
    if (!isLookedAt(iteration, start.iterations)) return;
    report({
      type: 'instant',
      instant: { iteration, looks: { whole: look('whole'), thinned: look('thinned') }, layers },
    });
  });

  return {
    lanes: networks.map(name => ({
      model: models[name],
      plugins: [steerLearningRate(() => current.learningRate), name === 'thinned' && watchMasks],
      hear: hear(name),
    })),
    data: train,
    ...descent(start, () => current.learningRate),
    async before() {
      report(await suggested());
    },
    async after() {
      if (Object.values(keepProbsOf(current)).some(keepProb => keepProb < 1))
        report({ type: 'lambdas', lambdas: await lambdasOf(models.thinned, train) });
    },
    change(next) {
      current = next;
      setKept(models.thinned, keepProbsOf(next));
    },
    dispose() {
      for (const model of Object.values(models)) model.dispose();
      tf.dispose([train.x, train.y, dev.x, dev.y]);
    },
  };
}
