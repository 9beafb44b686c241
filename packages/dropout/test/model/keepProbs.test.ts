import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type dropout, keepProbs, register } from '../../src/index.ts';
import { mlp, run } from '../support/nets.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});

const names = (model: tf.LayersModel) => model.layers.map(l => l.name);
/** Two inputs, a branch, a shared layer used twice, two outputs of which one feeds the other. */
function branched(): tf.LayersModel {
  const a = tf.input({ shape: [4], name: 'a' });
  const b = tf.input({ shape: [4], name: 'b' });
  const shared = tf.layers.dense({ units: 8, name: 'shared' });
  const join = tf.layers.concatenate({ name: 'join' }).apply([shared.apply(a), shared.apply(b)] as tf.SymbolicTensor[]);
  const mid = tf.layers.dense({ units: 3, name: 'mid' }).apply(join) as tf.SymbolicTensor;
  const last = tf.layers.dense({ units: 2, name: 'last' }).apply(mid) as tf.SymbolicTensor;
  return tf.model({ inputs: [a, b], outputs: [mid, last] });
}

describe('keepProbs', () => {
  test('inserts dropout behind the named layers and the input of a Sequential', () => {
    const model = keepProbs(mlp(), { hidden1: 0.7, hidden2: 0.5 }, { input: 0.9 });
    const kept = model.layers
      .filter(l => l.name.endsWith('_dropout'))
      .map(l => (l as ReturnType<typeof dropout>).options.keepProb);
    expect(kept).toEqual([0.9, 0.7, 0.5]);
  });

  test('one keepProb for some layers, none elsewhere; 1 inserts nothing', () => {
    expect(names(keepProbs(mlp(), ['hidden1', 'hidden2'], 0.5)).filter(n => n.endsWith('_dropout'))).toEqual([
      'hidden1_dropout',
      'hidden2_dropout',
    ]);
    expect(names(keepProbs(mlp(), { hidden1: 1, hidden2: 0.5 })).filter(n => n.endsWith('_dropout'))).toEqual([
      'hidden2_dropout',
    ]);
  });

  test('shares the weights: what one learns the other knows, and both say the same at inference', () => {
    const plain = mlp();
    const model = keepProbs(plain, { hidden1: 0.5 });
    const x = tf.randomNormal([3, 4]);
    plain.layers[0]!.setWeights([tf.ones([4, 16]), tf.zeros([16])]);
    expect(run(model, x, false)).toEqual(run(plain, x, false));
    expect(run(model, x, true)).not.toEqual(run(plain, x, true));
  });

  test('branches, shared layers, several inputs and outputs', () => {
    const plain = branched();
    const model = keepProbs(plain, { shared: 0.5, mid: 0.5 }, { input: { a: 0.9 }, seed: 1 });
    expect(model.inputs.length).toBe(2);
    expect(model.outputs.length).toBe(2);
    const x = [tf.ones([2, 4]), tf.ones([2, 4])];
    expect(run(model, x, false)).toEqual(run(plain, x, false));
    expect(
      names(model)
        .filter(n => n.endsWith('_dropout'))
        .sort(),
    ).toEqual(['a_dropout', 'mid_dropout', 'shared_dropout']);
    // `mid` is an output too: dropped on the way to `last`, never as an output. Make every weight 1 and look for zeros.
    for (const layer of plain.layers)
      if (layer.getWeights().length) layer.setWeights(layer.getWeights().map(w => tf.onesLike(w)));
    const mids = Array.from({ length: 20 }, () => run(keepProbs(plain, { mid: 0.5 }), x, true)[0]!);
    expect(mids.flat().every(v => v !== 0)).toBe(true);
  });

  test('a shared layer gets masks of its own at each use', () => {
    const input = tf.input({ shape: [64] });
    const shared = tf.layers.activation({ activation: 'linear', name: 'shared' });
    const one = shared.apply(input) as tf.SymbolicTensor;
    const two = shared.apply(input) as tf.SymbolicTensor;
    const out = tf.layers.concatenate().apply([one, two]) as tf.SymbolicTensor;
    const model = keepProbs(tf.model({ inputs: input, outputs: out }), { shared: 0.5 }, { seed: 1 });
    const [y] = run(model, tf.ones([1, 64]), true);
    expect(y!.slice(0, 64)).not.toEqual(y!.slice(64));
  });

  test('a model with dropout can be saved, loaded and given more dropout', async () => {
    const model = keepProbs(keepProbs(mlp(), { hidden1: 0.5 }), { hidden2: 0.5 });
    let artifacts: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async a => {
        artifacts = a;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts!));
    expect(names(loaded)).toEqual(names(model));
    const x = tf.ones([1, 4]);
    expect(run(loaded, x, false)).toEqual(run(model, x, false));
  });

  test.each<[string, () => unknown, RegExp]>([
    ['unknown layer', () => keepProbs(mlp(), { hiden1: 0.5 }), /no layer "hiden1".*hidden1, hidden2, out/],
    ['output layer', () => keepProbs(mlp(), { out: 0.5 }), /output of the model/],
    ['keepProb 0', () => keepProbs(mlp(), { hidden1: 0 }), /hidden1.*Received: 0/],
    ['no keepProb', () => keepProbs(mlp(), ['hidden1'], undefined as never), /hidden1/],
    ['unknown input', () => keepProbs(mlp(), {}, { input: { c: 0.5 } }), /no layer "c"/],
    ['no model', () => keepProbs(null as never, {}), /LayersModel/],
    ['unbuilt model', () => keepProbs(tf.sequential(), {}), /not built/],
  ])('%s is refused and leaves the model alone', (_, f, message) => {
    expect(f).toThrow(OptionError);
    expect(f).toThrow(message);
  });
});
