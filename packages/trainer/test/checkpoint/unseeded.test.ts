/** What is random without a seed of its own, and what remembers outside of weights: resumed to the bit, or refused by name. */
import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { CheckpointError, type FitOptions, fit, memoryStore } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const seeded = (seed: number) => tf.initializers.glorotNormal({ seed });
const cells = { kernelInitializer: seeded(3), recurrentInitializer: seeded(4) };
const flat = () => tf.layers.flatten({ inputShape: [4, 3] });
const drop = { dropout: 0.5, recurrentDropout: 0.25 };

/** A layer of somebody's own that draws without a seed. */
class Jitter extends tf.layers.Layer {
  static className = 'Jitter';
  override call(inputs: tf.Tensor | tf.Tensor[], { training }: { training?: boolean }): tf.Tensor {
    const [x] = [inputs].flat() as [tf.Tensor];
    return training ? tf.tidy(() => tf.mul(tf.dropout(x, 0.2), 1 + Math.random())) : x;
  }
}

const OWN_SEED = 'dropout with a seed of its own';
const layers: Record<string, () => tf.layers.Layer[]> = {
  dropout: () => [flat(), tf.layers.dropout({ rate: 0.5 })],
  'dropout with a noise shape': () => [
    tf.layers.dropout({ rate: 0.5, noiseShape: [null as unknown as number, 1, 3], inputShape: [4, 3] }),
    tf.layers.flatten(),
  ],
  [OWN_SEED]: () => [flat(), tf.layers.dropout({ rate: 0.5, seed: 3 })],
  spatialDropout1d: () => [tf.layers.spatialDropout1d({ rate: 0.5, inputShape: [4, 3] }), tf.layers.flatten()],
  gaussianNoise: () => [flat(), tf.layers.gaussianNoise({ stddev: 0.5 })],
  gaussianDropout: () => [flat(), tf.layers.gaussianDropout({ rate: 0.5 })],
  alphaDropout: () => [flat(), tf.layers.alphaDropout({ rate: 0.5 })],
  simpleRNN: () => [tf.layers.simpleRNN({ units: 4, ...drop, ...cells, inputShape: [4, 3] })],
  gru: () => [tf.layers.gru({ units: 4, ...drop, ...cells, inputShape: [4, 3] })],
  lstm: () => [tf.layers.lstm({ units: 4, ...drop, ...cells, inputShape: [4, 3] })],
  'a bidirectional lstm': () => [
    tf.layers.bidirectional({
      layer: tf.layers.lstm({ units: 2, ...drop, ...cells }) as tf.RNN,
      mergeMode: 'concat',
      inputShape: [4, 3],
    }),
  ],
  'dropout for each time step': () => [
    tf.layers.timeDistributed({ layer: tf.layers.dropout({ rate: 0.5 }), inputShape: [4, 3] }),
    tf.layers.flatten(),
  ],
  'dropout in a model in the model': () => [tf.sequential({ layers: [flat(), tf.layers.dropout({ rate: 0.5 })] })],
  'a layer of one’s own': () => [flat(), new Jitter({})],
};

const build = (name: string) =>
  tf.sequential({
    layers: [...layers[name]!(), tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded(2) })],
  });
const numbers = (model: tf.LayersModel) => model.getWeights().flatMap(w => [...w.dataSync()]);
const data = () => ({
  x: tf.randomNormal([20, 4, 3], 0, 1, 'float32', 1),
  y: tf.oneHot(tf.range(0, 20, 1, 'int32').mod(tf.scalar(2, 'int32')).toInt(), 2),
});

const train = async (model: tf.LayersModel, options: Partial<FitOptions> = {}) => {
  await fit(model, data(), {
    loss: 'categoricalCrossentropy',
    optimizer: tf.train.adam(0.01),
    // the order of the rows is drawn by the seed, too
    ...{ epochs: 2, batchSize: 8, seed: 7, shuffle: false, progress: false, ...options },
  });
  return numbers(model);
};

describe.each(Object.keys(layers))('%s', name => {
  test('interrupted in each epoch and resumed: the weights of a run that was not; another seed, other weights', async () => {
    const whole = await train(build(name));
    for (const dies of [1, 4]) {
      const checkpoint = { store: memoryStore(), every: 2 };
      const listener = ({ type, step }: { type: string; step: number }) => {
        if (type === 'step' && step === dies) throw new Error('killed');
      };
      await expect(train(build(name), { checkpoint, listeners: [listener] })).rejects.toThrow('killed');
      expect(await train(build(name), { checkpoint, resume: true }), `killed after ${dies}`).toEqual(whole);
    }
    const other = await train(build(name), { seed: 8 });
    // TF.js draws the same mask again and again where it is given a seed
    if (name === OWN_SEED) expect(other).toEqual(whole);
    else expect(other).not.toEqual(whole);
  });
});

test('cells of tf.layers.rnn, which keep their first mask, are refused by name', async () => {
  const net = (rate: number, wrap = false) => {
    const cell = [tf.layers.lstmCell({ units: 2, dropout: rate }), tf.layers.gruCell({ units: 2 })];
    const rnn = tf.layers.rnn({ cell: cell as never, name: 'mine', ...(!wrap && { inputShape: [4, 3] }) }) as tf.RNN;
    return tf.sequential({ layers: [rnn, tf.layers.dense({ units: 2, activation: 'softmax' })] });
  };
  const checkpoint = { store: memoryStore() };
  await expect(train(net(0.5), { checkpoint })).rejects.toThrow(OptionError);
  await expect(train(net(0.5), { checkpoint })).rejects.toThrow(/"mine".*tf\.layers\.lstm/);
  expect(await checkpoint.store.list()).toEqual([]);
  await train(net(0), { checkpoint });
});

/** Sign of a running mean of the gradients. What it remembers lies where `memory` says. */
abstract class Signum extends tf.Optimizer {
  static className = 'Signum';
  learningRate = 0.01;
  abstract mean(name: string, gradient: tf.Tensor): tf.Tensor;
  applyGradients(gradients: { name: string; tensor: tf.Tensor }[]): void {
    tf.tidy(() => {
      for (const { name, tensor } of gradients) {
        const variable = tf.engine().registeredVariables[name]!;
        variable.assign(tf.sub(variable, tf.mul(tf.sign(this.mean(name, tensor)), this.learningRate)));
      }
    });
    this.incrementIterations();
  }
  getConfig() {
    return { learningRate: this.learningRate };
  }
}
const mixed = (old: tf.Tensor | undefined, g: tf.Tensor): tf.Tensor =>
  tf.keep(old ? tf.add(tf.mul(old, 0.9), tf.mul(g, 0.1)) : tf.clone(g));

class InMap extends Signum {
  velocity = new Map<string, tf.Tensor>();
  mean(name: string, g: tf.Tensor) {
    this.velocity.set(name, mixed(this.velocity.get(name), g));
    return this.velocity.get(name)!;
  }
}
class InMapMadeLate extends Signum {
  velocity?: Map<string, tf.Tensor>;
  mean(name: string, g: tf.Tensor) {
    this.velocity ??= new Map();
    this.velocity.set(name, mixed(this.velocity.get(name), g));
    return this.velocity.get(name)!;
  }
}
class InRecord extends Signum {
  velocity: Record<string, tf.Tensor> = {};
  mean(name: string, g: tf.Tensor) {
    this.velocity[name] = mixed(this.velocity[name], g);
    return this.velocity[name];
  }
}
class InPrivate extends Signum {
  #velocity = new Map<string, tf.Tensor>();
  mean(name: string, g: tf.Tensor) {
    this.#velocity.set(name, mixed(this.#velocity.get(name), g));
    return this.#velocity.get(name)!;
  }
}
class InAnother extends Signum {
  inner = tf.train.adam(0.1);
  mean(_: string, g: tf.Tensor) {
    return g;
  }
}
/** As TF.js keeps it, and a count beside it. */
class InSlots extends Signum {
  velocity: { originalName: string; variable: tf.Variable }[] = [];
  turns = 0;
  signs = { by: [1] };
  mean(name: string, g: tf.Tensor) {
    let slot = this.velocity.find(({ originalName }) => originalName === `${name}/v`);
    if (!slot) {
      slot = { originalName: `${name}/v`, variable: tf.variable(tf.zerosLike(g), false) };
      this.velocity.push(slot);
    }
    this.turns++;
    this.signs.by[0] = -this.signs.by[0]!;
    slot.variable.assign(tf.add(tf.mul(slot.variable, 0.9), tf.mul(g, 0.1)));
    return tf.mul(slot.variable, Math.sin(this.turns) * this.signs.by[0]!);
  }
}

describe('an optimizer of one’s own', () => {
  const dense = () => build('dropout');

  test.each<[string, () => tf.Optimizer, RegExp]>([
    ['a Map', () => new InMap(), /Signum.*`velocity`/],
    ['a Map that it makes later', () => new InMapMadeLate(), /Signum.*`velocity`/],
    ['tensors by name', () => new InRecord(), /Signum.*`velocity`/],
    ['another optimizer', () => new InAnother(), /Signum.*`inner`/],
  ])('that remembers in %s is refused by name, and nothing is saved', async (_, make, message) => {
    const checkpoint = { store: memoryStore() };
    const failed = train(dense(), { checkpoint, optimizer: make() });
    await expect(failed).rejects.toThrow(CheckpointError);
    await expect(failed).rejects.toThrow(message);
    expect(await checkpoint.store.list()).toEqual([]);
    await train(dense(), { optimizer: make() });
  });

  test('with private fields is warned of', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await train(dense(), { optimizer: new InPrivate() });
    expect(warn).not.toHaveBeenCalled();
    await train(dense(), { checkpoint: { store: memoryStore() }, optimizer: new InPrivate() });
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/Signum has private fields/)]]);
    warn.mockRestore();
  });

  test('that remembers in slots and plain values is resumed to the bit', async () => {
    const whole = await train(dense(), { optimizer: new InSlots() });
    const checkpoint = { store: memoryStore() };
    await train(dense(), { checkpoint, optimizer: new InSlots(), epochs: 1 });
    expect(await train(dense(), { checkpoint, resume: true, optimizer: new InSlots() })).toEqual(whole);
  });
});
