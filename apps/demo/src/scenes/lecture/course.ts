/** What this scene trains: the lecture's network, whole and thinned, from the same weights. */
import { effectiveL2, suggestKeepProbs } from '@keepprob/lens';
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

/** Masks for each row in the penalty that @keepprob/lens samples beside λ; λ itself does not hang on them. */
const samples = 2;

/** What @keepprob/lens suggests, by the lecture's rule. */
function suggested(): Report {
  const model = network(0);
  const { keepProbs, input, text } = suggestKeepProbs(model);
  model.dispose();
  return { type: 'suggestion', keepProbs: { ...keepProbs, input }, text };
}

/** Answers that differ by less are one. */
const flat = 0.01;
/** Iterations between two measurements of λ, where the page draws it. */
const measureEvery = 200;

/** Of every matrix, that of the dropout before it. */
async function lambdasOf(model: LayersModel, data: { x: tf.Tensor; y: tf.Tensor }): Promise<Lambdas> {
  const { sites } = await effectiveL2(model, data, { loss: 'binaryCrossentropy', samples });
  return layerNames.map(name => {
    const found = sites.find(site => site.name === `${name}_dropout`)?.weights;
    return found ? Float32Array.from(found.values) : null;
  });
}

export function lectureCourse(start: Settings, report: (report: Report) => void): Course<Settings> {
  let current = start;
  const data = solidOf(start);
  const rows = { train: rowsOf(data.train), dev: rowsOf(data.dev) };
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
    const [train, dev] = [answersOf(models[name], rows.train.x), answersOf(models[name], rows.dev.x)];
    return {
      trainError: errorOf(wrongOf(train, data.train)),
      isFlat: [...train, ...dev].every(answer => Math.abs(answer - (train[0] ?? 0)) < flat),
      wrongDev: wrongOf(dev, data.dev),
      cost: costs[name],
      kernels: models[name].weights
        .filter(weight => weight.shape.length === 2)
        .map(weight => Float32Array.from(weight.read().dataSync())),
    };
  }

  async function measure(iteration: number): Promise<void> {
    if (Object.values(keepProbsOf(current)).every(keepProb => keepProb === 1)) return;
    report({ type: 'lambdas', iteration, lambdas: await lambdasOf(models.thinned, rows.train) });
  }

  const hear = hearing([costs], async iteration => {
    if (!isLookedAt(iteration, start.iterations)) return;
    report({
      type: 'instant',
      instant: { iteration, looks: { whole: look('whole'), thinned: look('thinned') }, layers },
    });
    const isDue = iteration === start.iterations || (current.lines === 'lambda' && iteration % measureEvery === 0);
    if (isDue) await measure(iteration);
  });

  return {
    lanes: networks.map(name => ({
      title: name === 'whole' ? 'Whole network' : 'Thinned network',
      model: models[name],
      plugins: [steerLearningRate(() => current.learningRate), name === 'thinned' && watchMasks],
      hear: hear(name),
    })),
    data: rows.train,
    ...descent(start, () => current.learningRate),
    async before() {
      report(suggested());
    },
    change(next) {
      current = next;
      setKept(models.thinned, keepProbsOf(next));
    },
    dispose() {
      for (const model of Object.values(models)) model.dispose();
      tf.dispose([rows.train.x, rows.train.y, rows.dev.x, rows.dev.y]);
    },
  };
}
