import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import {
  graphsOf,
  inputNames,
  namedPlaces,
  openRun,
  outputNames,
  placeNamed,
  regularizersOf,
} from '../../src/driver.ts';
import { definePlugin, OptionError, weightsOf } from '../../src/index.ts';
import { layerPluginsOf, layerTree } from '../../src/layers.ts';
import { distinct } from '../../src/model/identity.ts';
import { build, drawn, generated, isShared, isTied, isTrainable } from '../support/generatedNets.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  // TF.js tells that it saves states as inputs alone, and that an output stands twice
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
});

const runs = { numRuns: 60 };

/** Everything that a model gives an identity to. */
const identities = (model: tf.LayersModel) => ({
  layers: layerTree(model).map(({ path }) => path),
  weights: weightsOf(model).map(({ path }) => path),
  calls: [...new Map(graphsOf(model).flatMap(({ calls }) => calls.map(({ id, node }) => [node, id])))].map(
    ([, id]) => id,
  ),
  outputs: outputNames(model),
  inputs: inputNames(model),
});

/** What a network says with weights of its own, none like another; names and places do not matter. */
function says(model: tf.LayersModel, { weights }: tf.LayersModel): string {
  model.setWeights(weights.map(({ shape }, i) => tf.randomNormal(shape as number[], 0, 1, 'float32', i + 1)));
  return [model.predict(tf.tensor2d([[1, -2, 0.5]]))]
    .flat()
    .map(y => String(y))
    .join();
}

describe('of any model', () => {
  test('identities are unique', () => {
    fc.assert(
      fc.property(generated, description => {
        for (const ids of Object.values(identities(build(description)))) expect(new Set(ids).size).toBe(ids.length);
      }),
      runs,
    );
  });

  test('a model built again has the same, and so has a loaded one', async () => {
    await fc.assert(
      fc.asyncProperty(generated, async description => {
        const model = build(description);
        // TF.js' own names count per process
        const paths = ({ layers, weights, calls }: ReturnType<typeof identities>) => ({ layers, weights, calls });
        expect(paths(identities(build(description)))).toEqual(paths(identities(model)));
        if (isTied(description)) return;
        const loaded = await tf.models.modelFromJSON(model.toJSON(null, false) as never);
        if (isShared(description) && !(isTrainable(description) && says(loaded, model) === says(model, model))) return;
        expect(identities(loaded)).toEqual(identities(model));
      }),
      runs,
    );
  });

  test('every variable that TF.js would train is there once, and nothing else is trainable', () => {
    fc.assert(
      fc.property(generated, description => {
        const model = build(description);
        const stock = new Set(model.trainableWeights.map(w => w.read()));
        const ours = weightsOf(model)
          .filter(w => w.trainable)
          .map(w => w.variable);
        expect(ours).toHaveLength(stock.size);
        expect(new Set<tf.Tensor>(ours)).toEqual(stock);
        const all = new Set<tf.Tensor>(weightsOf(model).map(w => w.variable));
        for (const weight of model.weights) expect(all).toContain(weight.read());
      }),
      runs,
    );
  });

  test('a plugin meets each of them once in an update, and no two draws have one key', () => {
    fc.assert(
      fc.property(generated.filter(isTrainable), description => {
        const model = build(description);
        const met: string[] = [];
        const watch = definePlugin<object>({
          name: 'watch',
          options: {},
          setup: () => ({
            afterUpdate: weights => {
              met.push(...weights.map(w => w.path));
            },
          }),
        });
        const optimizer = tf.train.sgd(0);
        const run = openRun(model, [watch()], { host: 'fit', optimizer, seed: 1, epoch: () => 0 });
        const at = run.moment('train', { rows: [0, 2] });
        const variables = run.weights.filter(w => w.trainable).map(w => w.variable);
        if (variables.length === 0) return;
        drawn.length = 0;
        const step = run.gradients(
          () => {
            const outputs = [model.apply(tf.ones([2, 3]), { training: true })].flat() as tf.Tensor[];
            const zero = variables.map(v => tf.mul(tf.sum(v), 0));
            return [...outputs.map(y => tf.sum(y)), ...zero].reduce((a, b) => tf.add(a, b));
          },
          variables,
          at,
        );
        run.update(step, at);
        expect(met.sort()).toEqual(
          run.weights
            .filter(w => w.trainable)
            .map(w => w.path)
            .sort(),
        );
        const keys = drawn.map(({ site, draw }) => `${site} ${draw}`);
        expect(new Set(keys).size).toBe(keys.length);
        run.dispose();
      }),
      { numRuns: 30 },
    );
  });
});

describe('what they look like', () => {
  /** Two dense layers in fields that hold other things as well, and a third that belongs to another graph. */
  const other = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], name: 'teacher' })] });
  class Block extends tf.layers.Layer {
    static readonly className = 'TestIdentityBlock';
    readonly first = tf.layers.dense({ units: 2 });
    readonly rest = { list: [tf.layers.dense({ units: 2, useBias: false })], 'a/b': null };
    readonly teacher = other;
    override build(shape: tf.Shape): void {
      for (const layer of [this.first, ...this.rest.list]) layer.build(shape);
      super.build(shape);
    }
    override call(x: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor {
      return this.rest.list[0]!.call(this.first.call(x, kwargs), kwargs) as tf.Tensor;
    }
    override get trainableWeights(): tf.layers.Layer['trainableWeights'] {
      return [...this.first.trainableWeights, ...this.rest.list[0]!.trainableWeights];
    }
  }
  const withBlock = () => {
    const block = new Block({ inputShape: [2] } as object);
    return { block, model: tf.sequential({ layers: [block] }) };
  };
  const facts = (model: tf.LayersModel): string[] =>
    weightsOf(model).map(({ path, role, trainable }) => `${path} ${role}${trainable ? '' : ' frozen'}`);

  test('layers in the fields of a layer, with the roles of their classes', () => {
    expect(facts(withBlock().model)).toEqual([
      '0-TestIdentityBlock/first/kernel kernel',
      '0-TestIdentityBlock/first/bias bias',
      '0-TestIdentityBlock/rest/list/0/kernel kernel',
    ]);
  });

  test('a frozen one keeps its place, although the layer that has it lists it no more', () => {
    const { block, model } = withBlock();
    block.first.trainable = false;
    expect(facts(model)).toEqual([
      '0-TestIdentityBlock/first/kernel kernel frozen',
      '0-TestIdentityBlock/first/bias bias frozen',
      '0-TestIdentityBlock/rest/list/0/kernel kernel',
    ]);
  });

  test('a tied weight is where it was made, whichever of its layers comes first', () => {
    const dense = tf.layers.dense({ units: 2, useBias: false });
    class Transposed extends tf.layers.Layer {
      static readonly className = 'TestIdentityTransposed';
      override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
        return tf.matMul([x].flat()[0]!, dense.weights[0]!.read(), false, true);
      }
      override get trainableWeights(): tf.layers.Layer['trainableWeights'] {
        return dense.trainableWeights;
      }
    }
    const input = tf.input({ shape: [2] });
    const first = new Transposed({}).apply(input) as tf.SymbolicTensor;
    const model = tf.model({ inputs: input, outputs: dense.apply(first) as tf.SymbolicTensor });
    expect(model.layers.map(layer => layer.getClassName())).toEqual(['InputLayer', 'TestIdentityTransposed', 'Dense']);
    expect(facts(model)).toEqual(['2-Dense/kernel kernel']);
  });

  test('a second call, a second output, and a second output of one name', () => {
    const input = tf.input({ shape: [4, 2], name: 'x' });
    const lstm = tf.layers.lstm({ units: 3, returnState: true, name: 'lstm' });
    const [first, second] = [lstm.apply(input), lstm.apply(input)] as tf.SymbolicTensor[][];
    const own = tf.layers.dense({ units: 1, name: 'lstm_1' }).apply(first![0]!) as tf.SymbolicTensor;
    const model = tf.model({ inputs: input, outputs: [first![0]!, first![1]!, own, second![0]!] });
    expect(graphsOf(model)[0].calls.map(({ id }) => id)).toEqual(['1-LSTM', '2-Dense', '1-LSTM#1']);
    // the dense layer keeps its name
    expect(outputNames(model)).toEqual(['lstm', 'lstm_2', 'lstm_1', 'lstm_3']);
    expect(inputNames(model)).toEqual(['x']);
  });

  test('a model that is the first layer of a Sequential is called like any other', () => {
    const base = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
    const model = tf.sequential({ layers: [tf.sequential({ layers: [base()] }), tf.layers.dense({ units: 1 })] });
    expect(graphsOf(model).map(({ path, calls }) => [path, ...calls.map(({ id }) => id)])).toEqual([
      ['', '0-Sequential', '1-Dense'],
      ['0-Sequential', '0-Sequential/0-Sequential'],
      ['0-Sequential/0-Sequential', '0-Sequential/0-Sequential/0-Dense'],
    ]);
  });

  test('one tensor that is two outputs is an error that names the two', () => {
    const input = tf.input({ shape: [2] });
    const y = tf.layers.dense({ units: 1 }).apply(input) as tf.SymbolicTensor;
    const model = tf.model({ inputs: input, outputs: [y, y] });
    // what TF.js says of it
    expect(() => model.predict(tf.ones([1, 2]))).toThrow(/null/);
    expect(() => outputNames(model)).toThrow(OptionError);
    expect(() => outputNames(model)).toThrow(/outputs 0 and 1 .* are the same tensor/);
  });

  test('names are told apart, and none is taken from its owner', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'a_1', 'a_1_1', 'b')), names => {
        const own = distinct(names);
        expect(new Set(own).size).toBe(names.length);
        for (const [i, name] of names.entries()) if (names.indexOf(name) === i) expect(own[i]).toBe(name);
      }),
    );
  });

  test('layer plugins in fields have sites of their own', () => {
    drawn.length = 0;
    expect(layerPluginsOf(build({ stack: ['drop', 'fields', 'drop'] }))).toHaveLength(3);
  });
});

describe('regularizers', () => {
  const l2 = { kernelInitializer: 'ones', kernelRegularizer: tf.regularizers.l2({ l2: 1 }), useBias: false } as const;
  const dense = (args: object = {}) => tf.layers.dense({ units: 1, ...l2, ...args });
  const sum = (model: tf.LayersModel): number =>
    regularizersOf(model)
      .flatMap(penalties => penalties())
      .reduce((total, p) => total + p.dataSync()[0]!, 0);
  const sequential = (...layers: tf.layers.Layer[]) => tf.sequential({ layers });
  const base = () => sequential(dense({ inputShape: [2] }));
  const recurrent = () => tf.layers.lstm({ units: 1, ...l2, inputShape: [3, 2] } as tf.LSTMLayerArgs);

  // Σ w² of kernels of ones: 2 for [2, 1], 8 for an LSTM's [2, 4]
  test.each<[string, () => tf.LayersModel, number, 'as stock' | 'stock misses them']>([
    ['of a layer', base, 2, 'as stock'],
    ['of a layer that is called twice', () => twice(dense({ units: 2 })), 8, 'as stock'],
    ['of a nested model', () => sequential(tf.layers.reLU({ inputShape: [2] }), base()), 2, 'as stock'],
    ['of a first model', () => sequential(base(), tf.layers.reLU()), 2, 'stock misses them'],
    ['of the first model of a first model', () => sequential(sequential(base()), dense()), 3, 'stock misses them'],
    ['of a wrapped layer', () => sequential(steps(dense())), 2, 'as stock'],
    ['of a wrapped model', () => sequential(steps(base())), 2, 'stock misses them'],
    ['of a cell', () => sequential(recurrent()), 8, 'stock misses them'],
  ])('%s', (_, make, expected, stock) => {
    const model = make();
    (model as unknown as { build?(): void }).build?.();
    expect(sum(model)).toBe(expected);
    const theirs = (model.calculateLosses() as tf.Scalar[]).reduce((total, p) => total + p.dataSync()[0]!, 0);
    expect(theirs === expected ? 'as stock' : 'stock misses them').toBe(stock);
  });

  const twice = (layer: tf.layers.Layer): tf.LayersModel => {
    const input = tf.input({ shape: [2] });
    return tf.model({ inputs: input, outputs: layer.apply(layer.apply(input)) as tf.SymbolicTensor });
  };
  const steps = (layer: tf.layers.Layer) => tf.layers.timeDistributed({ layer, inputShape: [3, 2] } as never);
});

test('a name that several layers have, in whatever models, needs the path; layers within a layer go by its name', () => {
  const part = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], name: 'same' })] });
  const time = tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 1, name: 'same' }), name: 'time' });
  const model = tf.sequential({ layers: [part(), part(), tf.layers.reshape({ targetShape: [2, 1] }), time] });
  const labels = namedPlaces(model).map(({ label }) => label);
  expect(new Set(labels).size).toBe(labels.length);
  expect(labels).toContain('same (1-Sequential/0-Dense)');
  expect(labels.filter(label => label.startsWith('same'))).toHaveLength(2);
  expect(placeNamed('t', model, 'time').path).toBe('3-TimeDistributed');
  expect(placeNamed('t', model, '1-Sequential/0-Dense').layer).toBe((model.layers[1] as tf.Sequential).layers[0]);
  expect(() => placeNamed('t', model, 'same')).toThrow(OptionError);
  expect(() => placeNamed('t', model, 'same')).toThrow('0-Sequential/0-Dense, 1-Sequential/0-Dense');
  expect(() => placeNamed('t', model, 'none')).toThrow('same (0-Sequential/0-Dense)');
});
