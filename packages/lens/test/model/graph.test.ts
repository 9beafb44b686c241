import { weightsOf } from '@keepprob/core';
import { dropout, keepProbs } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { consumersOf, isOutput, layerWith, linearBehind, readersOf, usesOf } from '../../src/model/graph.ts';
import { lastActivation } from '../../src/model/lossToUse.ts';
import { passThrough, sitesFor } from '../../src/model/noiseSites.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const dense = (name: string, args: object = {}) => tf.layers.dense({ units: 2, name, ...args });
const first = { inputShape: [2] };
const symbolic = (x: unknown): tf.SymbolicTensor => x as tf.SymbolicTensor;
const names = (layers: readonly tf.layers.Layer[]): string[] => layers.map(({ name }) => name);

describe('a model as first layer', () => {
  const base = () => tf.sequential({ name: 'base', layers: [dense('inside', first)] });
  const net = () => tf.sequential({ layers: [base(), dense('head')] });

  test('feeds the layer behind it', () => {
    const model = net();
    const [nested] = model.layers;
    expect(names(consumersOf(model, nested!))).toEqual(['head']);
    expect(usesOf(model, nested!)).toBe(1);
    expect(readersOf(model, nested!)!.map(({ layer }) => layer.name)).toEqual(['head']);
    expect(linearBehind(model, nested!, [])).toBe(true);
    expect(isOutput(model, nested!)).toBe(false);
  });

  test('gets the noise that is asked for behind it', () => {
    const model = net();
    const sites = sitesFor('test', model, { base: 0.5 }, 1, []);
    const [x] = [tf.ones([1, 2])];
    const dropAll = passThrough(model, [x], sites, (_, h) => tf.zerosLike(h));
    // head of zeros
    expect([...dropAll.dataSync()]).toEqual([0, 0]);
  });

  test('and a model as last layer has the last activation', () => {
    const head = tf.sequential({ layers: [dense('out', { ...first, activation: 'softmax' })] });
    expect(lastActivation(tf.sequential({ layers: [base(), head] }))).toBe('softmax');
    expect(lastActivation(tf.sequential({ layers: [head] }))).toBe('softmax');
  });
});

test('a layer is looked for by what it is: not by a name that a layer of a nested model has, too', () => {
  const input = tf.input({ shape: [2] });
  const nested = tf.sequential({ name: 'nested', layers: [dense('same', first)] });
  const model = tf.model({ inputs: input, outputs: symbolic(dense('same').apply(nested.apply(input))) });
  const own = model.getLayer('same');
  const [inside, outside] = weightsOf(model).filter(({ role }) => role === 'kernel');
  expect([inside, outside].map(w => w!.layer)).toEqual(['same', 'same']);
  expect(layerWith(model, inside!)).toBeUndefined();
  expect(layerWith(model, outside!)).toBe(own);
  expect(readersOf(model, nested)!.map(({ weight }) => weight.path)).toEqual(['2-Dense/kernel']);
});

test('what a layer made of layers computes in between is not known', () => {
  class Block extends tf.layers.Layer {
    static readonly className = 'TestGraphBlock';
    readonly parts = [dense('a'), dense('b')];
    override build(shape: tf.Shape): void {
      for (const part of this.parts) part.build(shape);
      super.build(shape);
    }
    override call(x: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor {
      return this.parts.reduce((h, part) => part.call(h, kwargs) as tf.Tensor, [x].flat()[0] as tf.Tensor);
    }
    override get trainableWeights(): tf.layers.Layer['trainableWeights'] {
      return this.parts.flatMap(part => part.trainableWeights);
    }
  }
  const model = tf.sequential({ layers: [dense('before', first), new Block({})] });
  const kernels = weightsOf(model).filter(({ role }) => role === 'kernel');
  expect(kernels.map(w => layerWith(model, w)?.name)).toEqual(['before', undefined, undefined]);
  expect(readersOf(model, model.getLayer('before'))).toBeUndefined();
});

test('a state is not read by the kernel of the layer that starts from it', () => {
  const input = tf.input({ shape: [3, 2] });
  const lstm = (name: string, args: object = {}) => tf.layers.lstm({ units: 2, name, ...args } as tf.LSTMLayerArgs);
  const [, ...states] = lstm('encoder', { returnState: true }).apply(input) as tf.SymbolicTensor[];
  const decoded = lstm('decoder').apply(input, { initialState: states });
  const model = tf.model({ inputs: input, outputs: symbolic(decoded) });
  expect(names(consumersOf(model, model.getLayer('encoder')))).toEqual(['decoder']);
  expect(readersOf(model, model.getLayer('encoder'))).toBeUndefined();
  const plain = tf.sequential({ layers: [dense('d', { inputShape: [3, 2] }), lstm('reads')] });
  expect(readersOf(plain, plain.getLayer('d'))!.map(({ weight }) => weight.path)).toEqual(['1-LSTM/cell/kernel']);
});

test('a layer runs once for each call, in nested models, too, and for each of its outputs that is needed', () => {
  const input = tf.input({ shape: [2] });
  const drop = dropout({ keepProb: 0.5, ...first });
  /** As often as TF.js calls it. */
  const runs = (model: tf.LayersModel): number => {
    const call = vi.spyOn(drop, 'call');
    model.predict(tf.ones([1, 2]));
    const { length } = call.mock.calls;
    call.mockRestore();
    return length;
  };
  const expectUses = (model: tf.LayersModel, uses: number): void => {
    expect(usesOf(model, drop)).toBe(uses);
    expect(runs(model)).toBe(uses);
  };
  const nested = tf.sequential({ layers: [drop] });
  const twice = symbolic(nested.apply(nested.apply(input)));
  expectUses(tf.model({ inputs: input, outputs: twice }), 2);
  const inner = tf.input({ shape: [2] });
  const dropped = symbolic(drop.apply(inner));
  const two = tf.model({ inputs: inner, outputs: [dropped, symbolic(dense('d').apply(dropped))] });
  const both = two.apply(input) as tf.SymbolicTensor[];
  expectUses(tf.model({ inputs: input, outputs: both }), 2);
  expectUses(tf.model({ inputs: input, outputs: both[1]! }), 1);
});

test('layers that keepProbs called again are those of both models', () => {
  const model = tf.sequential({ layers: [dense('a', first), dense('b'), dense('c')] });
  const made = keepProbs(model, { a: 0.5 });
  expect(names(consumersOf(model, model.getLayer('a')))).toEqual(['b']);
  expect(names(consumersOf(made, made.getLayer('a')))).toEqual(['a_dropout']);
  expect(usesOf(made, made.getLayer('b'))).toBe(1);
  expect(isOutput(model, model.getLayer('c')) && isOutput(made, made.getLayer('c'))).toBe(true);
});
