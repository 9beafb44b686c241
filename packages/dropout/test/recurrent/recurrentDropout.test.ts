import { OptionError, weightsOf } from '@keepprob/core';
import { openRun } from '@keepprob/core/driver';
import { counterDropout, keepBits, keepScale } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { dropoutGRU, dropoutLSTM, dropoutSimpleRNN, register, setKeepProb } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});

const seeded = (seed: number) => ({
  kernelInitializer: tf.initializers.glorotUniform({ seed }),
  recurrentInitializer: tf.initializers.glorotUniform({ seed: seed + 1 }),
  biasInitializer: tf.initializers.randomUniform({ minval: -1, maxval: 1, seed: seed + 2 }),
});
const kinds = [
  ['LSTM', dropoutLSTM, tf.layers.lstm],
  ['GRU', dropoutGRU, tf.layers.gru],
  ['SimpleRNN', dropoutSimpleRNN, tf.layers.simpleRNN],
] as const;
type Create = (options: object) => tf.RNN;
const values = (y: unknown): number[] => [y].flat().flatMap(t => [...(t as tf.Tensor).dataSync()]);
const train = (layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor => layer.apply(x, { training: true }) as tf.Tensor;
const far = (a: readonly number[], b: readonly number[]): number =>
  a.length === b.length ? Math.max(...a.map((v, i) => Math.abs(v - b[i]!))) : Number.POSITIVE_INFINITY;
const sequence = (shape: [number, number, number] = [4, 5, 3], seed = 1) =>
  tf.randomNormal(shape, 0, 1, 'float32', seed);

describe.each(kinds)('%s', (name, ours, stock) => {
  const create = ours as unknown as Create;
  const reference = stock as unknown as Create;
  const pair = (args: object, options: object): [tf.RNN, tf.RNN] => [
    create({ units: 4, ...seeded(3), ...args, ...options }),
    reference({ units: 4, ...seeded(3), ...args }),
  ];

  test.each([
    {},
    { returnSequences: true },
    { goBackwards: true, returnSequences: true },
    { returnState: true },
    { useBias: false, activation: 'relu' },
  ])('%j: the stock layer at inference and, with nothing dropped, in training', args => {
    const x = sequence();
    const [dropping, plain] = pair(args, { keepProb: 0.5, recurrentKeepProb: 0.5 });
    expect(values(dropping.apply(x))).toEqual(values(plain.apply(x)));
    const [kept, same] = pair(args, { keepProb: 1, recurrentKeepProb: 1 });
    expect(far(values(kept.apply(x, { training: true })), values(same.apply(x, { training: true })))).toBeLessThan(
      1e-6,
    );
    expect(far(values(dropping.apply(x, { training: true })), values(plain.apply(x)))).toBeGreaterThan(1e-2);
  });

  test('one mask of the inputs at all time steps: dropped by hand, the stock layer says the same', () => {
    const x = sequence();
    const [dropping, plain] = pair({ returnSequences: true }, { keepProb: 0.5, seed: 7 });
    const key = { seed: 7, step: 0, site: 0, draw: 0 };
    const byHand = counterDropout(x, { keepProb: 0.5, noiseShape: [4, 1, 3], key, rows: [0, 4] });
    expect(far(values(train(dropping, x)), values(plain.apply(byHand)))).toBeLessThan(1e-6);
  });

  test('one mask of the state at all time steps: rows of the recurrent kernel dropped by hand', () => {
    // For one sequence, dropping units of h where the recurrent kernel reads it is dropping the rows of the kernel
    const x = sequence([1, 6, 3]);
    const [dropping, plain] = pair({ returnSequences: true }, { recurrentKeepProb: 0.5, seed: 8 });
    train(dropping, x);
    plain.apply(x);
    const key = { seed: 8, step: 1, site: 2 ** 24, draw: 0 };
    const bits = keepBits([1, 4], 0.5, key, [0, 1]);
    expect(new Set(bits).size).toBe(2); // else nothing is shown
    const [kernel, recurrentKernel, bias] = plain.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
    const rows = tf.tensor2d(
      Float32Array.from(bits, bit => bit * keepScale(0.5)),
      [4, 1],
    );
    plain.setWeights([kernel, tf.mul(recurrentKernel, rows), bias]);
    expect(far(values(train(dropping, x)), values(plain.apply(x)))).toBeLessThan(1e-6);
  });

  test('inputs and state have streams of their own, and so has the other direction', () => {
    const masks = (goBackwards: boolean) => {
      // a linear unit per feature shows what was dropped: with a kernel of ones, zeros come from the mask alone
      const layer = dropoutSimpleRNN({
        units: 16,
        activation: 'linear',
        kernelInitializer: 'identity',
        recurrentInitializer: 'zeros',
        keepProb: 0.5,
        seed: 9,
        goBackwards,
      });
      return values(train(layer, tf.ones([1, 1, 16])));
    };
    const state = [...keepBits([1, 16], 0.5, { seed: 9, step: 0, site: 2 ** 24, draw: 0 }, [0, 1])];
    expect(masks(false).map(Math.sign)).not.toEqual(state);
    expect(masks(false)).not.toEqual(masks(true));
  });

  test('shards of a batch draw what the whole batch draws', () => {
    const x = sequence([6, 5, 3]);
    const input = tf.input({ shape: [5, 3] });
    const layer = create({ units: 4, ...seeded(3), keepProb: 0.6, recurrentKeepProb: 0.6 });
    const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
    const optimizer = tf.train.sgd(0.1);
    const run = openRun(model, [], { host: 'fit', optimizer, seed: 4, epoch: () => 0 });
    const shard = (from: number, count: number): number[] => {
      let y: number[] = [];
      const variables = run.weights.map(w => w.variable);
      run.gradients(
        () => {
          const out = model.apply(tf.slice(x, [from], [count]), { training: true }) as tf.Tensor;
          y = values(out);
          return tf.sum(out);
        },
        variables,
        run.moment('train', { rows: [from, 6] }),
      );
      return y;
    };
    expect([...shard(0, 2), ...shard(2, 1), ...shard(3, 3)]).toEqual(shard(0, 6));
    run.dispose();
  });

  test('its gradients by the weights are those of central differences', () => {
    const x = sequence([2, 4, 3]);
    const layer = create({
      units: 2,
      ...seeded(5),
      keepProb: 0.6,
      recurrentKeepProb: 0.6,
      seed: 2,
      activation: 'tanh',
      recurrentActivation: name === 'SimpleRNN' ? undefined : 'sigmoid',
    });
    const f = (): tf.Scalar => {
      (layer as ReturnType<typeof dropoutLSTM>).reset();
      return tf.sum(tf.square(train(layer, x)));
    };
    f();
    const variables = layer.trainableWeights.map(w => w.read() as tf.Variable);
    const { grads } = tf.variableGrads(f, variables);
    const h = 1e-2;
    for (const variable of variables) {
      const start = values(variable);
      const analytic = values(grads[variable.name]);
      for (const i of [0, start.length - 1]) {
        const at = (v: number): number => {
          variable.assign(tf.tensor(start.with(i, v), variable.shape));
          return values(f())[0]!;
        };
        const numeric = (at(start[i]! + h) - at(start[i]! - h)) / (2 * h);
        variable.assign(tf.tensor(start, variable.shape));
        expect(Math.abs(numeric - analytic[i]!)).toBeLessThan(1e-3 * Math.max(1, ...analytic.map(Math.abs)));
      }
    }
  });

  test('masking: behind the end of a sequence nothing changes', () => {
    const build = (layer: tf.layers.Layer) =>
      tf.sequential({ layers: [tf.layers.masking({ maskValue: 0, inputShape: [5, 3] }), layer] });
    const [layer, plain] = pair({}, { keepProb: 0.6, recurrentKeepProb: 0.6, seed: 3 });
    const model = build(layer);
    const x = sequence();
    const end = tf.slice(x, [0, 0, 0], [4, 3, 3]);
    const padded = tf.concat([end, tf.zeros([4, 2, 3])], 1);
    const say = (t: tf.Tensor) => {
      (layer as ReturnType<typeof dropoutLSTM>).reset();
      return values(model.apply(t, { training: true }));
    };
    expect(far(say(padded), say(end))).toBeLessThan(1e-6);
    expect(far(values(model.apply(padded)), values(build(plain).apply(padded)))).toBeLessThan(1e-6);
  });

  test('stateful: the state goes on, the masks are drawn anew', () => {
    const layer = create({
      units: 4,
      ...seeded(3),
      stateful: true,
      keepProb: 0.6,
      recurrentKeepProb: 0.6,
      seed: 3,
      batchInputShape: [4, 5, 3],
    });
    const [, plain] = pair({ stateful: true, batchInputShape: [4, 5, 3] }, {});
    const x = sequence();
    const twice = [values(layer.apply(x)), values(layer.apply(x))];
    expect(twice).toEqual([values(plain.apply(x)), values(plain.apply(x))]);
    expect(far(twice[0]!, twice[1]!)).toBeGreaterThan(1e-3);
    layer.resetStates();
    expect(values(layer.apply(x))).toEqual(twice[0]);
    layer.resetStates();
    const first = values(train(layer, x));
    layer.resetStates();
    expect(values(train(layer, x))).not.toEqual(first);
  });

  test('the initial state given by another layer is taken', () => {
    const [layer, plain] = pair({}, { keepProb: 0.5, recurrentKeepProb: 0.5 });
    const build = (rnn: tf.RNN): tf.LayersModel => {
      const [x, h] = [tf.input({ shape: [5, 3] }), tf.input({ shape: [4] })];
      const states = name === 'LSTM' ? [h, h] : [h];
      return tf.model({ inputs: [x, h], outputs: rnn.apply([x, ...states]) as tf.SymbolicTensor });
    };
    const inputs = [sequence(), tf.ones([4, 4])];
    expect(values(build(layer).predict(inputs))).toEqual(values(build(plain).predict(inputs)));
  });

  test('roles and paths of the weights are those of the stock layer', () => {
    const roles = (layer: tf.layers.Layer) =>
      weightsOf(tf.sequential({ layers: [layer] })).map(w => [w.role, w.fanInAxes, w.trainable, w.variable.shape]);
    const [layer, plain] = pair({ inputShape: [5, 3] }, { keepProb: 0.5 });
    expect(roles(layer)).toEqual(roles(plain));
    expect(roles(layer).map(([role]) => role)).toEqual(['kernel', 'recurrent', 'bias']);
  });

  test('setKeepProb turns it off, and on again', () => {
    const [layer, plain] = pair({ inputShape: [5, 3] }, { keepProb: 0.5, recurrentKeepProb: 0.7 });
    const model = tf.sequential({ layers: [layer] });
    const x = sequence();
    const restore = setKeepProb(model, 1);
    expect(far(values(model.apply(x, { training: true })), values(plain.apply(x)))).toBeLessThan(1e-6);
    restore();
    const { options } = layer as ReturnType<typeof dropoutLSTM>;
    expect([options.keepProb, options.recurrentKeepProb]).toEqual([0.5, 0.7]);
  });

  test('inside of Bidirectional both directions drop, each with masks of its own', () => {
    const model = tf.sequential({
      layers: [
        tf.layers.bidirectional({
          name: 'both',
          layer: create({ units: 4, ...seeded(3), keepProb: 0.5, recurrentKeepProb: 0.5, seed: 3 }) as never,
          mergeMode: 'concat',
          inputShape: [1, 12],
        }),
      ],
    });
    // of one time step and with equal seeds of their weights, the two directions differ by their masks alone
    const x = sequence([2, 1, 12]);
    const directions = (training: boolean) => tf.split(model.apply(x, { training }) as tf.Tensor, 2, 1).map(values);
    const [forward, backward] = directions(false);
    expect(forward).toEqual(backward);
    const [thinned, other] = directions(true);
    expect(far(thinned!, forward!)).toBeGreaterThan(1e-3);
    expect(far(other!, forward!)).toBeGreaterThan(1e-3);
    expect(far(thinned!, other!)).toBeGreaterThan(1e-3);
    expect(weightsOf(model).map(w => w.role)).toEqual(['kernel', 'recurrent', 'bias', 'kernel', 'recurrent', 'bias']);
    setKeepProb(model, { both: 1 });
    expect(far(directions(true)[0]!, forward!)).toBeLessThan(1e-6);
  });

  test('a hundred steps of training leave nothing behind, and dispose takes the weights', () => {
    const before = tf.memory().numTensors;
    const layer = create({ units: 3, keepProb: 0.5, recurrentKeepProb: 0.5, inputShape: [4, 2] });
    const model = tf.sequential({ layers: [layer] });
    tf.tidy(() => void train(layer, sequence([2, 4, 2])));
    const built = tf.memory().numTensors;
    for (let i = 0; i < 100; i++) tf.tidy(() => void train(layer, sequence([2, 4, 2])));
    expect(tf.memory().numTensors).toBe(built);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a file that names the class of TF.js loads ours', async () => {
    const plain = tf.sequential({
      layers: [reference({ units: 4, inputShape: [5, 3], dropout: 0.25, recurrentDropout: 0.5 })],
    });
    let saved: tf.io.ModelArtifacts | undefined;
    await plain.save(
      tf.io.withSaveHandler(async artifacts => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const stock = tf.serialization.SerializationMap.getMap().classNameMap[name]![0];
    register({ override: [name] });
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    tf.serialization.registerClass(stock);
    expect((loaded.layers.at(-1) as ReturnType<typeof dropoutLSTM>).options).toEqual({
      keepProb: 0.75,
      recurrentKeepProb: 0.5,
      seed: null,
    });
    expect(values(loaded.predict(sequence()))).toEqual(values(plain.predict(sequence())));
  });
});

test('stock: `recurrentDropout` of GRU drops what is carried over; here it stays whole', () => {
  // z = 1 by a large bias: h′ = h, whatever is dropped
  const bias = tf.tensor1d([...Array(16).fill(50), ...Array(32).fill(0)]);
  const initialState = [tf.ones([1, 16])];
  const after = (layer: tf.RNN): number[] => {
    const x = tf.zeros([1, 4, 2]);
    layer.apply(x);
    const [kernel, recurrentKernel] = layer.getWeights() as [tf.Tensor, tf.Tensor];
    layer.setWeights([kernel, tf.zerosLike(recurrentKernel), bias]);
    return values(layer.apply(x, { training: true, initialState }));
  };
  expect(after(dropoutGRU({ units: 16, recurrentKeepProb: 0.5, seed: 1 }))).toEqual(Array(16).fill(1));
  expect(new Set(after(tf.layers.gru({ units: 16, recurrentDropout: 0.5 }) as tf.RNN))).not.toEqual(new Set([1]));
});

test('expectation: for a linear recurrence over all masks, that of no dropout where nothing is dropped twice', () => {
  // y = U (m/p ∘ h₁) + W x₂, h₁ = W x₁: linear in the mask, so that the mean over all 2³ masks is the plain layer
  const args = { units: 3, activation: 'linear', ...seeded(11) } as const;
  const plain = tf.layers.simpleRNN({ ...args });
  const x = sequence([1, 2, 3]);
  const seen = new Map<string, number[]>();
  const keepProb = 0.75;
  for (let seed = 0; seen.size < 8; seed++) {
    const bits = keepBits([1, 3], keepProb, { seed, step: 0, site: 2 ** 24, draw: 0 }, [0, 1]).join('');
    if (!seen.has(bits))
      seen.set(bits, values(train(dropoutSimpleRNN({ ...args, recurrentKeepProb: keepProb, seed }), x)));
  }
  const mean = [0, 0, 0];
  for (const [bits, y] of seen) {
    const kept = [...bits].filter(b => b === '1').length;
    const probability = keepProb ** kept * (1 - keepProb) ** (3 - kept);
    for (const i of mean.keys()) mean[i]! += probability * y[i]!;
  }
  expect(far(mean, values(plain.apply(x)))).toBeLessThan(1e-5);
});

test('unknown arguments are named, with the nearest known one', () => {
  expect(() => dropoutLSTM({ units: 3, recurentKeepProb: 0.5 } as never)).toThrow(OptionError);
  expect(() => dropoutLSTM({ units: 3, recurentKeepProb: 0.5 } as never)).toThrow(/Did you mean `recurrentKeepProb`/);
});
