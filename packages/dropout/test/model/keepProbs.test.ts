import { OptionError, weightsOf } from '@keepprob/core';
import { callsIn } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { build, generated, isTrainable } from '../../../core/test/support/generatedNets.ts';
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

  const placed: [string, Record<string, number>, { input?: number }][] = [
    ['everywhere', { hidden1: 0.7, hidden2: 0.5 }, { input: 0.9 }],
    ['behind the last hidden layer', { hidden2: 0.5 }, {}],
    ['nowhere', {}, {}],
  ];
  test.each(placed)('with dropout %s, the other model lives on when one is disposed', (_, layers, options) => {
    const before = tf.memory().numTensors;
    for (const first of [0, 1]) {
      const given = mlp();
      const models = [given, keepProbs(given, layers, options)];
      const [going, staying] = [models[first]!, models[1 - first]!];
      const weights = given.getWeights();
      going.dispose();
      expect(weights.some(weight => weight.isDisposed)).toBe(false);
      expect(() => staying.getWeights()).not.toThrow();
      staying.dispose();
      expect(weights.every(weight => weight.isDisposed)).toBe(true);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  const ofEveryObject = Object.getOwnPropertyNames(Object.prototype).filter(name => /^[a-z]/i.test(name));
  test.each(ofEveryObject)('a layer %s that is not named has no dropout', name => {
    const layers = [name, 'other', 'last'].map(name => tf.layers.dense({ units: 2, inputShape: [2], name }));
    const model = keepProbs(tf.sequential({ layers }), { other: 0.5 });
    expect(names(model).filter(n => n.endsWith('_dropout'))).toEqual(['other_dropout']);
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
    ['keepProb 2⁻¹⁷', () => keepProbs(mlp(), { hidden1: 2 ** -17 }), /hidden1.*> 2\^-17/],
    ['no keepProb', () => keepProbs(mlp(), ['hidden1'], undefined as never), /hidden1/],
    ['unknown input', () => keepProbs(mlp(), {}, { input: { c: 0.5 } }), /no layer "c"/],
    ['no model', () => keepProbs(null as never, {}), /LayersModel/],
    ['unbuilt model', () => keepProbs(tf.sequential(), {}), /not built/],
  ])('%s is refused and leaves the model alone', (_, f, message) => {
    expect(f).toThrow(OptionError);
    expect(f).toThrow(message);
  });
});

describe('models of every shape', () => {
  const symbolic = (x: unknown): tf.SymbolicTensor => x as tf.SymbolicTensor;
  const dense = (name: string, args: object = {}) => tf.layers.dense({ units: 2, name, ...args });
  const first = { inputShape: [2] };
  /** What a layer was given and gives; TF.js throws where it was called twice. */
  const ends = (model: tf.LayersModel): unknown[] =>
    model.layers.flatMap(layer =>
      (['input', 'output'] as const).map(end => {
        try {
          return layer[end];
        } catch (error) {
          return (error as Error).message;
        }
      }),
    );
  const says = (model: tf.LayersModel): number[] =>
    [model.predict(tf.tensor2d([[1, -2, 0.5]]))].flat().flatMap(y => [...y.dataSync()]);

  test('the model given stays as it is, and the new one computes the same at inference', () => {
    fc.assert(
      fc.property(generated.filter(isTrainable), fc.array(fc.nat(20)), fc.boolean(), (description, dropped, input) => {
        const model = build(description);
        const [before, said, config] = [ends(model), says(model), JSON.stringify(model.getConfig())];
        const calls = callsIn(model);
        const feeding = calls.map(({ layer }) => layer).filter(layer => feeds(model, layer));
        const names = dropped.flatMap(i => (feeding.length ? [feeding[i % feeding.length]!.name] : []));
        const made = keepProbs(model, names, 0.5, { input: input ? 0.9 : 1 });
        expect(ends(model)).toEqual(before);
        expect(JSON.stringify(model.getConfig())).toBe(config);
        expect(says(model)).toEqual(said);
        expect(says(made)).toEqual(said);
        const variables = (of: tf.LayersModel) => new Set(weightsOf(of).map(w => w.variable));
        expect(variables(made)).toEqual(variables(model));
        // behind each of them, once for each tensor that is taken further
        const inserted = callsIn(made).filter(({ layer }) => layer.name.endsWith('_dropout'));
        const taken = new Set(calls.flatMap(({ inputs }) => inputs));
        const expected = calls.filter(({ layer }) => names.includes(layer.name)).flatMap(({ outputs }) => outputs);
        const inputs = input ? model.inputs : [];
        expect(inserted).toHaveLength([...expected, ...inputs].filter(tensor => taken.has(tensor)).length);
      }),
      { numRuns: 40 },
    );
  });

  const feeds = (model: tf.LayersModel, layer: tf.layers.Layer): boolean => {
    const calls = callsIn(model);
    const own = calls.filter(call => call.layer === layer).flatMap(({ outputs }) => outputs);
    return calls.some(({ inputs }) => inputs.some(tensor => own.includes(tensor)));
  };

  test.each([
    ['behind it', { base: 0.5 }, undefined, ['0_InputLayer', '1_Sequential', '2_KeepprobDropout', '3_Dense']],
    ['in front of it', {}, 0.9, ['0_InputLayer', '1_KeepprobDropout', '2_Sequential', '3_Dense']],
  ])('a model as first layer, dropout %s', async (_, table, input, expected) => {
    const base = tf.sequential({ name: 'base', layers: [dense('inside', first)] });
    const model = tf.sequential({ layers: [base, dense('head')] });
    const made = keepProbs(model, table, { input: input ?? 1 });
    expect(made.layers.map((layer, i) => `${i}_${layer.getClassName()}`)).toEqual(expected);
    const x = tf.randomNormal([4, 2], 0, 1, 'float32', 1);
    expect(run(made, x, false)).toEqual(run(model, x, false));
    expect(run(made, x, true)).not.toEqual(run(made, x, false));
    expect(base.output).toBe(base.outputs[0]);
    expect(() => keepProbs(model, { inside: 0.5 })).toThrow(/no layer "inside".*base, head/);
    const loaded = await tf.models.modelFromJSON(made.toJSON(null, false) as never);
    loaded.setWeights(made.getWeights());
    expect(run(loaded, x, false)).toEqual(run(made, x, false));
  });

  test('in front of a recurrent layer that starts from the states of another, and behind the states', () => {
    const [encoded, decoded] = ['enc', 'dec'].map(name => tf.input({ shape: [4, 2], name })) as [
      tf.SymbolicTensor,
      tf.SymbolicTensor,
    ];
    const states = (
      tf.layers.lstm({ units: 3, returnState: true, name: 'encoder' }).apply(encoded) as tf.SymbolicTensor[]
    ).slice(1);
    const out = tf.layers.lstm({ units: 3, name: 'decoder' }).apply(decoded, { initialState: states });
    const model = tf.model({
      inputs: [encoded, decoded],
      outputs: dense('out').apply(symbolic(out)) as tf.SymbolicTensor,
    });
    const made = keepProbs(model, { encoder: 0.5 }, { input: { dec: 0.9 } });
    const decoder = callsIn(made).find(({ layer }) => layer.name === 'decoder')!;
    expect(decoder.inputs.map(({ sourceLayer }) => sourceLayer.name)).toEqual([
      'dec_dropout',
      'encoder_dropout',
      'encoder_dropout',
    ]);
    const x = [1, 2].map(seed => tf.randomNormal([3, 4, 2], 0, 1, 'float32', seed));
    expect(run(made, x, false)).toEqual(run(model, x, false));
    expect(run(made, x, true)).not.toEqual(run(made, x, false));
  });

  test('twice, with names that are free', () => {
    const model = tf.sequential({ layers: [dense('a', first), dense('b')] });
    const twice = keepProbs(keepProbs(model, { a: 0.5 }), { a: 0.9 });
    expect(names(twice)).toEqual(['a_input', 'a', 'a_dropout_1', 'a_dropout', 'b']);
    expect(model.getLayer('b').output).toBe(model.outputs[0]);
  });

  test('two layers of one name are an error that names the two', () => {
    const base = tf.sequential({ name: 'b', layers: [dense('a', first)] });
    const model = tf.sequential({ layers: [base, dense('b'), dense('c')] });
    expect(() => keepProbs(model, { b: 0.5 })).toThrow(OptionError);
    expect(() => keepProbs(model, { b: 0.5 })).toThrow(/two layers "b": 0-Sequential and 1-Dense/);
  });
});
