/** Files that are damaged, foreign or hostile: each ends in a typed error, and leaves nothing. */
import '@tensorflow/tfjs-backend-cpu';
import { readdirSync, readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { ConvertError, loadKeras } from '../../src/keras.ts';
import { plugins } from '../../src/load/unknown.ts';
import {
  called,
  constraint,
  functional,
  hdf5,
  input,
  kerasFile,
  layer,
  type Numbers,
  regularizer,
  sequential,
  tensorOf,
} from '../support/kerasFile.ts';
import { wave } from '../support/models.ts';

const numbers = (...shape: number[]): Numbers => ({ shape, data: wave(shape.reduce((a, b) => a * b, 1)) });
const weights = { 'layers/dense/vars/0': numbers(4, 2), 'layers/dense/vars/1': numbers(2) };
const dense = (config: object = {}, more: object = {}) => layer('Dense', 'out', { units: 2, ...config }, more);
const good = sequential('net', [input('in', [4]), dense()]);
const only = (...layers: object[]) => sequential('net', [input('in', [4]), ...layers]);

let variables = 0;
beforeAll(async () => {
  (await loadKeras(await kerasFile(good, weights))).dispose();
  variables = tf.memory().numTensors;
});

async function refusal(file: Uint8Array): Promise<ConvertError> {
  const error: unknown = await loadKeras(file).then(
    model => {
      model.dispose();
      throw new Error('it was loaded');
    },
    reason => reason,
  );
  expect(error).toBeInstanceOf(ConvertError);
  expect(tf.memory().numTensors).toBe(variables);
  return error as ConvertError;
}
const ofConfig = async (config: unknown, version?: string) => refusal(await kerasFile(config, weights, version));

describe('what TensorFlow.js does not have is named, with its place and the nearest', () => {
  test.each([
    ['RandomFlip', layer('RandomFlip', 'flip', { mode: 'horizontal' }), 'flip', /randomFlip\(\) of @keepprob\/augment/],
    ['Conv1DTranspose', layer('Conv1DTranspose', 'up', {}), 'up', /Conv2DTranspose/],
    ['Densee', layer('Densee', 'typo', {}), 'typo', /Dense/],
    ['Resizing', layer('Resizing', 'size', { height: 2, width: 2 }), 'size', /between other points than Keras/],
    ['MyLayer', { ...layer('MyLayer', 'own', {}), module: 'mine', registered_name: 'mine>MyLayer' }, 'own', /Keras/],
    [
      'my_act',
      dense({ activation: { class_name: 'function', config: 'my_act', registered_name: 'my_act' } }),
      'out',
      /my_act/,
    ],
    ['hard_sigmoid', dense({ activation: 'hard_sigmoid' }), 'out', /Keras 3 has x \/ 6/],
    ['Dense', dense({ activity_regularizer: regularizer('L2', { l2: 1 }) }), 'out', /ActivityRegularization/],
    ['Mine', dense({ kernel_regularizer: regularizer('Mine', {}) }), 'out', /regularizer "Mine"/],
    ['RadialConstraint', dense({ kernel_constraint: constraint('RadialConstraint', {}) }), 'out', /constraint/],
    ['GlobalAveragePooling2D', layer('GlobalAveragePooling2D', 'mean', { keepdims: true }), 'mean', /keepdims/],
  ])('%s', async (className, one, where, said) => {
    const error = await ofConfig(only(one));
    expect(error).toMatchObject({ problem: 'unknownClass', className, layer: where });
    expect(error.message).toMatch(said);
  });

  test('in a model in a model', async () => {
    const inner = sequential('inner', [input('in2', [4]), layer('Lambda', 'code', {})]);
    expect(await ofConfig(only(inner))).toMatchObject({ className: 'Lambda', layer: 'inner/code' });
  });

  test('techniques of others are those of the catalogue', async () => {
    const { catalogue } = await import('../../../augment/src/catalogue.ts');
    const named = catalogue.flatMap(({ name, kerasName }) =>
      kerasName && /^[A-Z]/.test(kerasName) ? [[kerasName, name]] : [],
    );
    expect(plugins).toEqual(Object.fromEntries(named));
  });
});

const loop = functional(
  'net',
  [
    input('in', [4], called('in')),
    layer('Add', 'a', {}, called('a', { args: [[tensorOf('in'), tensorOf('b')]] })),
    layer('Add', 'b', {}, called('b', { args: [[tensorOf('in'), tensorOf('a')]] })),
  ],
  [['in', 0, 0]],
  [['b', 0, 0]],
);
const missing = functional(
  'net',
  [input('in', [4], called('in')), dense({}, called('out', { args: [tensorOf('nowhere')] }))],
  [['in', 0, 0]],
  [['out', 0, 0]],
);
const deep = Array.from({ length: 60 }).reduce<object>(
  (inner, _, i) => sequential(`m${i}`, [input(`i${i}`, [4]), inner]),
  dense(),
);

describe('a Normalization without the numbers that it needs', () => {
  const scale = (config: object = {}) => only(layer('Normalization', 'scale', { axis: [-1], ...config }));
  const at = 'layers/normalization/vars';
  const pair = (mean: Numbers, variance: Numbers) => ({ [`${at}/0`]: mean, [`${at}/1`]: variance });
  test.each<[string, object, Readonly<Record<string, Numbers>>, RegExp]>([
    ['no weights', scale(), {}, /no weights at "layers\/normalization/],
    ['a mean alone', scale(), { [`${at}/0`]: numbers(4) }, /no weights at/],
    ['others', scale(), pair(numbers(3), numbers(3)), /its weights are \[4\], \[4\]. The file has \[3\], \[3\]/],
    [
      'a variance below 0',
      scale(),
      pair(numbers(4), { shape: [4], data: Float32Array.of(1, 1, -1, 1) }),
      /variance.*≥ 0/,
    ],
    ['NaN', scale(), pair({ shape: [4], data: Float32Array.of(1, Number.NaN, 1, 1) }, numbers(4)), /mean.*finite/],
    ['a mean in the config that is no number', scale({ mean: 'a', variance: 'b' }), {}, /lists of numbers/],
    ['lists of different lengths', scale({ mean: [[1, 2], [3]], variance: [[1, 2], [3]] }), {}, /lists of numbers/],
    ['a mean of another length', scale({ mean: [1, 2], variance: [1, 2] }), {}, /cannot build.*mean/],
    ['an axis that there is not', scale({ axis: [5] }), {}, /cannot build.*axis/],
  ])('%s', async (_, config, stored, said) => {
    const error = await refusal(await kerasFile(config, stored));
    expect(error).toMatchObject({ problem: 'damaged' });
    expect(error.message).toMatch(said);
  });
});

test('causal padding, which TensorFlow.js does not compute, is refused', async () => {
  const causal = layer('Conv1D', 'conv', { filters: 2, kernel_size: [2], strides: [1], padding: 'causal' });
  const error = await ofConfig(sequential('net', [input('in', [4, 2]), causal]));
  expect(error.message).toMatch(/causal/);
});

describe('architectures that do harm', () => {
  test.each([
    ['no model', [1, 2]],
    ['a class of another kind', { class_name: 'Dense', config: {} }],
    ['no layers', sequential('net', [])],
    ['more weights than the file has', only(dense({ units: 1e9 }))],
    ['units that are no number', only(dense({ units: 'many' }))],
    ['a negative number of units', only(dense({ units: -2 }))],
    ['an input beyond all numbers', sequential('net', [input('in', [1e300]), dense()])],
    ['an input without a shape', sequential('net', [layer('InputLayer', 'in', {}), dense()])],
    ['a name that every object has', only(layer('Dense', 'constructor', { units: 2 }))],
    ['a class that every object has', only(layer('toString', 'out', {}))],
    ['the prototype as a name', only(layer('Dense', '__proto__', { units: 2 }))],
    ['two layers with one name', only(dense(), dense())],
    ['calls in a circle', loop],
    ['a call of a layer that there is not', missing],
    ['models in too many models', deep],
    [
      'an output that there is not',
      functional('net', [input('in', [4], called('in'))], [['in', 0, 0]], [['in', 3, 0]]),
    ],
    ['a table for a number', only(dense({ units: { class_name: 'x' } }))],
    ['null', null],
  ])('%s', async (_, config) => expect(['damaged', 'unknownClass']).toContain((await ofConfig(config)).problem));

  test('weights of another shape', async () => {
    const file = await kerasFile(good, { ...weights, 'layers/dense/vars/0': numbers(2, 4) });
    expect((await refusal(file)).message).toMatch(/\[4,2\], \[2\].*\[2,4\], \[2\]/);
  });

  test('weights that are not there', async () =>
    expect((await refusal(await kerasFile(good, { 'layers/other/vars/0': numbers(9, 9) }))).message).toMatch(
      /layers\/dense/,
    ));

  test('no prototype is reached', async () => {
    const text = JSON.stringify(good).replace('"units":2', '"units":2,"__proto__":{"polluted":1}');
    (await loadKeras(await kerasFile(text, weights))).dispose();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

const le = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
/** Where the directory of an archive begins. */
const directory = (bytes: Uint8Array): number => le(bytes).getUint32(bytes.length - 22 + 16, true);
const changed = (bytes: Uint8Array, change: (view: DataView, at: number) => void): Uint8Array => {
  const copy = bytes.slice();
  change(le(copy), directory(copy));
  return copy;
};

describe('archives that do harm', () => {
  test('other files say what they are', async () => {
    expect((await refusal(new TextEncoder().encode('{"modelTopology": {}}'))).message).toMatch(/loadModel/);
    expect((await refusal(new Uint8Array())).problem).toBe('foreign');
    expect((await refusal(zipSync({ 'a.txt': new Uint8Array(3) }))).message).toMatch(/config\.json/);
    expect((await refusal(await hdf5(weights))).message).toMatch(/weights alone/);
    await expect(loadKeras('model.keras' as never)).rejects.toMatchObject({ name: 'OptionError' });
  });

  test('weights go with an architecture alone, and must be all there', async () => {
    const file = await kerasFile(good, weights);
    const architecture = new TextEncoder().encode(JSON.stringify(good));
    const shard = await hdf5({ 'layers/dense/vars/0': numbers(4, 2) });
    const rejected = (bytes: Uint8Array, given: unknown) =>
      expect(loadKeras(bytes, { weights: given as Uint8Array })).rejects;
    await rejected(architecture, null).toMatchObject({
      problem: 'foreign',
      message: expect.stringMatching(/`weights`/),
    });
    await rejected(architecture, file).toMatchObject({ problem: 'foreign', message: expect.stringMatching(/50 4b/) });
    await rejected(architecture, [shard]).toMatchObject({ problem: 'damaged', layer: 'out' });
    await rejected(file, shard).toMatchObject({ name: 'OptionError', option: 'weights' });
    for (const other of [[], 'model.weights.h5', [shard, 1]])
      await rejected(architecture, other).toMatchObject({ name: 'OptionError', option: 'weights' });
    expect(tf.memory().numTensors).toBe(variables);
  });

  test('a bomb is not unpacked', async () => {
    const bomb = zipSync(
      { 'config.json': new Uint8Array(2 ** 24 + 1), 'model.weights.h5': new Uint8Array(1) },
      { level: 6 },
    );
    expect(bomb.length).toBeLessThan(200_000);
    expect((await refusal(bomb)).problem).toBe('tooLarge');
    // says that it is small, and is not
    const lying = changed(bomb, (view, at) => view.setUint32(at + 24, 100, true));
    expect((await refusal(lying)).problem).toBe('damaged');
  });

  test.each<[string, (view: DataView, at: number) => void]>([
    ['an encrypted part', (view, at) => view.setUint16(at + 8, 1, true)],
    ['an unknown method', (view, at) => view.setUint16(at + 10, 99, true)],
    ['another checksum', (view, at) => view.setUint32(at + 16, 1, true)],
    ['a part behind the end', (view, at) => view.setUint32(at + 42, 0xfffffff0, true)],
    ['a size beyond the file', (view, at) => view.setUint32(at + 20, 0xffffffff, true)],
    ['a name beyond the directory', (view, at) => view.setUint16(at + 28, 0xffff, true)],
  ])('%s', async (_, change) => {
    const file = await kerasFile(good, weights);
    // the second entry is config.json
    const second = changed(file, (view, at) => change(view, at + 46 + view.getUint16(at + 28, true)));
    expect(['damaged', 'foreign', 'tooLarge']).toContain((await refusal(second)).problem);
  });

  test.each<[string, (view: DataView, at: number) => void]>([
    ['more entries than it has', (view, at) => view.setBigUint64(at + 32, 9n, true)],
    ['a directory behind its end', (view, at) => view.setBigUint64(at + 48, 2n ** 63n, true)],
    ['an end of another length', (view, at) => view.setBigUint64(at + 4, 2n ** 40n, true)],
    ['an end that is no end', (view, at) => view.setUint32(at, 0, true)],
  ])('zip64 with %s', async (_, change) => {
    const zip64 = readFileSync(new URL('../fixtures/zip64.keras', import.meta.url));
    const copy = Uint8Array.from(zip64);
    change(le(copy), copy.length - 22 - 20 - 56);
    expect((await refusal(copy)).problem).toBe('damaged');
  });

  test('a number of 64 bits that is not there, or leads beyond the file', async () => {
    const zip64 = Uint8Array.from(readFileSync(new URL('../fixtures/zip64.keras', import.meta.url)));
    const begin = Number(le(zip64).getBigUint64(zip64.length - 22 - 20 - 56 + 48, true));
    const field = begin + 46 + le(zip64).getUint16(begin + 28, true);
    for (const change of [
      (view: DataView) => view.setUint16(field, 7, true),
      (view: DataView) => view.setUint16(field + 2, 0xffff, true),
      (view: DataView) => view.setBigUint64(field + 4, 2n ** 62n, true),
    ]) {
      const copy = zip64.slice();
      change(le(copy));
      expect(['damaged', 'tooLarge']).toContain((await refusal(copy)).problem);
    }
  });

  test('a path that leads out of the folder is a name like any other', async () => {
    const before = readdirSync('..');
    await refusal(zipSync({ '../../evil.txt': new Uint8Array(3), 'config.json': new TextEncoder().encode('{}') }));
    expect(readdirSync('..')).toEqual(before);
  });
});

/** Every nth place in a file, and all of them near its ends. */
const places = (length: number, step: number): number[] =>
  Array.from({ length }, (_, i) => i).filter(i => i < 24 || i > length - 60 || i % step === 0);

/** The error, or what a model that was loaded after all predicts. */
async function outcome(file: Uint8Array): Promise<unknown> {
  try {
    const model = await loadKeras(file);
    const out = tf.tidy(() => (model.predict(tf.ones([1, 4])) as tf.Tensor).arraySync());
    model.dispose();
    return out;
  } catch (error) {
    return error;
  }
}

describe('damage', () => {
  test('a .keras file that is cut short anywhere is refused', async () => {
    const file = await kerasFile(good, weights, '3.10.0', 6);
    for (const length of places(file.length, 7))
      expect(await outcome(file.subarray(0, length)), `${length} bytes`).toBeInstanceOf(ConvertError);
    expect(tf.memory().numTensors).toBe(variables);
  });

  test('a changed byte of a .keras file is found, or changes nothing', async () => {
    const file = await kerasFile(good, weights, '3.10.0', 6);
    const whole = await outcome(file);
    for (const at of places(file.length, 31)) {
      const said = await outcome(file.map((byte, i) => (i === at ? byte ^ 0x11 : byte)));
      if (!(said instanceof ConvertError)) expect(said, `byte ${at}`).toEqual(whole);
    }
    expect(tf.memory().numTensors).toBe(variables);
  });

  test('HDF5 has no checksums: a .h5 file that was changed is refused, or is a model of the same shapes', async () => {
    const kernel = { 'model_weights/out/out/kernel:0': numbers(4, 2), 'model_weights/out/out/bias:0': numbers(2) };
    const file = await hdf5(kernel, {
      '': {
        model_config: JSON.stringify(
          sequential('net', [layer('Dense', 'out', { units: 2, batch_input_shape: [null, 4] })]),
        ),
      },
      'model_weights/out': { weight_names: ['out/kernel:0', 'out/bias:0'] },
    });
    const whole = await outcome(file);
    expect(whole).toEqual([[expect.any(Number), expect.any(Number)]]);
    for (const length of places(file.length, 397).filter(length => length < file.length))
      expect(await outcome(file.subarray(0, length)), `${length} bytes`).toBeInstanceOf(ConvertError);
    for (const at of places(file.length, 131)) {
      const said = await outcome(file.map((byte, i) => (i === at ? byte ^ 0x55 : byte)));
      if (!(said instanceof ConvertError)) expect(said).toEqual([[expect.any(Number), expect.any(Number)]]);
    }
    // whatever these files did to the library, the next one is read as ever
    expect(await outcome(file)).toEqual(whole);
    expect(tf.memory().numTensors).toBe(variables);
  });
});
