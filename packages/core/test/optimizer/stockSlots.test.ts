/** What an optimizer has learned of each weight in stock fit stays with that weight when plugins are attached, whichever layers are frozen then. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { weightsOf } from '../../src/index.ts';
import { attach } from '../../src/stock.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const build = (): tf.LayersModel =>
  tf.sequential({
    layers: [4, 4, 4].map((units, i) =>
      tf.layers.dense({
        units,
        // square matrices: a slot of the wrong layer would fit
        ...(i === 0 && { inputShape: [4] }),
        activation: 'tanh',
        kernelInitializer: tf.initializers.glorotNormal({ seed: 3 + i }),
      }),
    ),
  });
const optimizers: Readonly<Record<string, () => tf.Optimizer>> = {
  adam: () => tf.train.adam(0.01),
  momentum: () => tf.train.momentum(0.05, 0.9),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
};
const numbers = (model: tf.LayersModel): number[] => weightsOf(model).flatMap(w => [...w.variable.dataSync()]);

/** Some updates in stock fit, with or without an attachment, while some layers are frozen. */
async function train(model: tf.LayersModel, optimizer: tf.Optimizer, frozen: readonly number[], attached: boolean) {
  model.layers.forEach((layer, i) => {
    layer.trainable = !frozen.includes(i);
  });
  const [x, y] = [tf.randomNormal([8, 4], 0, 1, 'float32', 1), tf.randomNormal([8, 4], 0, 1, 'float32', 2)];
  const registration = attached ? attach(model, optimizer) : undefined;
  model.compile({ optimizer: registration?.optimizer ?? optimizer, loss: 'meanSquaredError' });
  await model.fit(x, y, { epochs: 3, batchSize: 8, shuffle: false, verbose: 0 });
  registration?.dispose();
  tf.dispose([x, y]);
}

test.each(Object.entries(optimizers))(
  '%s: first stock, then attached with layers frozen and thawed',
  async (_, make) => {
    for (const before of [[], [0]]) {
      const trained = async (first: boolean): Promise<number[]> => {
        const [model, optimizer] = [build(), make()];
        await train(model, optimizer, before, first);
        await train(model, optimizer, [1], true);
        await train(model, optimizer, [], true);
        return numbers(model);
      };
      expect(await trained(false)).toEqual(await trained(true));
    }
  },
);

test('a model saved with its optimizer and loaded beside itself: its names have numbers then', async () => {
  const [model, optimizer] = [build(), tf.train.adam(0.01)];
  await train(model, optimizer, [], false);
  const files: tf.io.ModelArtifacts[] = [];
  const into = tf.io.withSaveHandler(async artifacts => {
    files.push(artifacts);
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  await model.save(into, { includeOptimizer: true });
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(files[0]!));
  const [before, after] = [weightsOf(model), weightsOf(loaded)].map(all => all[0]!.variable.name);
  expect(after).toMatch(new RegExp(`^${before}_\\d+$`));
  await train(model, optimizer, [0], true);
  await train(loaded, loaded.optimizer, [0], true);
  // loading computes Adam's powers of β anew, a few bits off
  numbers(loaded).forEach((w, i) => {
    expect(w).toBeCloseTo(numbers(model)[i]!, 6);
  });
});

test('slots whose names say nothing here are taken by position', async () => {
  const [model, optimizer] = [build(), tf.train.momentum(0.05, 0.9)];
  await train(model, optimizer, [], false);
  const other = build();
  other.setWeights(model.getWeights());
  const restored = tf.train.momentum(0.05, 0.9);
  const saved = await optimizer.getWeights();
  await restored.setWeights(
    saved.map(({ tensor }, i) => ({ name: `elsewhere${i}/momentum`, tensor: tf.clone(tensor) })),
  );
  await train(model, optimizer, [], true);
  await train(other, restored, [], true);
  expect(numbers(other)).toEqual(numbers(model));
});

test('slots of another model are left to it', async () => {
  const [first, second, optimizer] = [build(), build(), tf.train.momentum(0.05, 0.9)];
  await train(first, optimizer, [], false);
  await train(second, optimizer, [], true);
  const alone = build();
  await train(alone, tf.train.momentum(0.05, 0.9), [], true);
  expect(numbers(second)).toEqual(numbers(alone));
});
