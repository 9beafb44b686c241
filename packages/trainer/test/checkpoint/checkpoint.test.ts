/** The file of a checkpoint, the chain of them, and what differs between two runs. */
import { OptionError } from '@keepprob/core';
import { MASK_FORMAT } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/checkpoint.ts';
import { crc32c } from '../../src/checkpoint/crc32c.ts';
import { CheckpointError } from '../../src/checkpoint/errors.ts';
import { fromExactJson, toExactJson } from '../../src/checkpoint/exactJson.ts';
import { checkSame, differences } from '../../src/checkpoint/identity/differences.ts';
import type { Checkpoint, Manifest } from '../../src/checkpoint/parts.ts';
import { restoreWeights } from '../../src/checkpoint/restoreWeights.ts';
import { type CheckpointsOptions, checkpoints } from '../../src/checkpoint/retention.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/checkpoint/safetensors.ts';
import { type CheckpointStore, memoryStore } from '../../src/checkpoint/stores/store.ts';

const manifest: Manifest = {
  versions: { format: 1, mask: MASK_FORMAT, tfjs: '4.22.0' },
  seed: 7,
  layers: { '0-Dense': { units: 2, trainable: true }, '1-KeepprobDropout': { keepProb: 0.5 } },
  wiring: { '1-KeepprobDropout': '0-Dense' },
  weights: { '0-Dense/kernel': '[3,2] float32' },
  optimizer: { Adam: { learningRate: 0.01, beta1: 0.9 } },
  plugins: [{ l2: { l2: 1e-4, where: { function: 'isKernel' } } }, { earlyStopping: { patience: 3 } }],
  objective: { loss: ['meanSquaredError'], metrics: [{ function: 'top5' }] },
  data: { rows: 100, batchSize: 32, shuffle: true },
  step: 12,
  epoch: 3,
  stepInEpoch: 0,
  history: { valLoss: [3, 2, 1] },
  logs: { '0Loss': 'aLoss' },
  averages: null,
  stopped: null,
  optimizerNow: { Adam: { learningRate: 0.01, beta1: 0.9 } },
  optimizerValues: { learningRate: 0.01, iterations: 12 },
  pluginValues: [0, { best: 1, waited: 0 }],
};
const kernel = { dtype: 'float32', shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) } as const;
const checkpoint = (more: Partial<Manifest> = {}): Checkpoint => ({
  manifest: { ...manifest, ...more },
  tensors: { '0-Dense/kernel': kernel },
});

/** What kind of CheckpointError a call throws. */
function problemOf(call: () => unknown): string {
  try {
    call();
    return 'none';
  } catch (error) {
    return error instanceof CheckpointError ? error.problem : String(error);
  }
}

describe('the file', () => {
  test('gives back what was put in', () => {
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint()))).toEqual(checkpoint());
  });

  test('is a safetensors file that opens without us', () => {
    expect(decodeSafetensors(encodeCheckpoint(checkpoint())).tensors).toEqual({ '0-Dense/kernel': kernel });
  });

  const whole = encodeCheckpoint(checkpoint());

  test('with one byte changed anywhere is refused', () => {
    for (let at = 0; at < whole.length; at++) {
      for (const change of [0x01, 0x20, 0x80]) {
        const bytes = whole.slice();
        bytes[at]! ^= change;
        expect(() => decodeCheckpoint(bytes), `byte ${at}`).toThrow(CheckpointError);
      }
    }
  });

  test('cut anywhere, or with something behind it, is refused', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeCheckpoint(whole.subarray(0, length))).toThrow(CheckpointError);
    }
    expect(() => decodeCheckpoint(Uint8Array.from([...whole, 0]))).toThrow(CheckpointError);
  });

  test('foreign files are told from damaged ones', () => {
    const problem = (bytes: Uint8Array): string => problemOf(() => decodeCheckpoint(bytes));
    expect(problem(new Uint8Array(0))).toBe('foreign');
    expect(problem(new TextEncoder().encode('PK\x03\x04 some archive, longer than the head of ours'))).toBe('foreign');
    expect(problem(encodeSafetensors({ tensors: { kernel }, metadata: { format: 'pt' } }))).toBe('foreign');
    expect(problem(whole.subarray(0, whole.length - 1))).toBe('damaged');
  });

  test.each<[string, Record<string, unknown>]>([
    ['a seed that is none', { seed: 'seven' }],
    ['no versions', { versions: undefined }],
    ['no history', { history: null }],
    ['more epochs than its history has', { epoch: 1e15 }],
    ['a history that is no lists', { history: { valLoss: 3 } }],
    ['a step that is a word', { step: 'x' }],
    ['a step before the first', { step: -1 }],
    ['half a batch', { stepInEpoch: 0.5 }],
    ['sums of no rows', { averages: { sums: [] } }],
    ['sums without numbers', { averages: { rows: 3, sums: [['loss']] } }],
    ['an optimizer without a name', { optimizer: {} }],
    ['two optimizers', { optimizerNow: { Adam: {}, SGD: {} } }],
    ['slots of no learning rate', { optimizerValues: { iterations: 1 } }],
    ['plugins that are no list', { plugins: {} }],
    ['weights without words', { weights: { '0-Dense/kernel': [3, 2] } }],
  ])('with the right checksum and %s is damaged', (_, more) => {
    const bytes = encodeCheckpoint({ ...checkpoint(), manifest: { ...manifest, ...more } as Manifest });
    expect(problemOf(() => decodeCheckpoint(bytes))).toBe('damaged');
  });

  test('every part of a manifest must be there', () => {
    for (const part of Object.keys(manifest)) {
      const bytes = encodeCheckpoint({ ...checkpoint(), manifest: { ...manifest, [part]: undefined } as Manifest });
      expect(
        problemOf(() => decodeCheckpoint(bytes)),
        part,
      ).toBe('damaged');
    }
  });

  test.each<[string, string | undefined]>([
    ['none', undefined],
    ['cut JSON', '{'],
    ['a list', '[]'],
    ['null', 'null'],
    ['JSON deeper than a stack', '['.repeat(1e5) + ']'.repeat(1e5)],
  ])('with the right checksum and as its manifest %s is damaged', (_, text) => {
    const metadata = {
      crc32c: '00000000',
      format: 'keepprob-checkpoint-2',
      ...(text !== undefined && { manifest: text }),
    };
    const bytes = encodeSafetensors({ tensors: {}, metadata });
    bytes.set(
      new TextEncoder().encode(crc32c(bytes).toString(16).padStart(8, '0')),
      8 + '{"__metadata__":{"crc32c":"'.length,
    );
    expect(problemOf(() => decodeCheckpoint(bytes))).toBe('damaged');
  });

  const slot = (shape: number[]) => ({ dtype: 'float32', shape, data: new Float32Array(6) }) as const;
  test.each<[string, Checkpoint['tensors'], RegExp]>([
    ['without a weight', {}, /"0-Dense\/kernel" is missing/],
    ['with a weight of another shape', { '0-Dense/kernel': slot([2, 3]) }, /is \[2,3\] float32, not \[3,2\] float32/],
    [
      'with a weight of another dtype',
      { '0-Dense/kernel': { dtype: 'int32', shape: [3, 2], data: new Int32Array(6) } },
      /is \[3,2\] int32/,
    ],
    [
      'with a slot of another shape',
      { '0-Dense/kernel': kernel, 'optimizer/m/0-Dense/kernel': slot([6]) },
      /"optimizer\/m\/0-Dense\/kernel" has the shape \[6\]/,
    ],
    [
      'with a slot of no weight',
      { '0-Dense/kernel': kernel, 'optimizer/m/toString': slot([6]) },
      /belongs to no weight/,
    ],
  ])('%s is damaged, and restores nothing', (_, tensors, message) => {
    const bytes = encodeCheckpoint({ manifest, tensors });
    expect(problemOf(() => decodeCheckpoint(bytes))).toBe('damaged');
    expect(() => decodeCheckpoint(bytes)).toThrow(message);
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], useBias: false })] });
    const before = [...model.getWeights()[0]!.dataSync()];
    expect(() => restoreWeights(model, { manifest, tensors })).toThrow(message);
    expect([...model.getWeights()[0]!.dataSync()]).toEqual(before);
  });

  test('slots and single variables of optimizers, and whatever plugins keep, are whole', () => {
    const tensors = {
      '0-Dense/kernel': kernel,
      'optimizer/accBeta1': slot([1, 6]),
      'optimizer/m/0-Dense/kernel': slot([3, 2]),
      'plugins/0/a/b': slot([6]),
    };
    expect(decodeCheckpoint(encodeCheckpoint({ manifest, tensors })).tensors).toEqual(tensors);
  });

  test('every number survives, NaN, infinities and −0 too', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), fc.double(), (json, number) => {
        const value = { json, number, list: [number, { number }], special: [Number.NaN, -0, Number.NEGATIVE_INFINITY] };
        expect(fromExactJson(toExactJson(value as never))).toStrictEqual(value);
      }),
    );
  });
});

/** Weights tell the checkpoints of a chain apart. */
const numbered = (step: number, more: Partial<Manifest> = {}): Checkpoint => ({
  manifest: { ...manifest, step, stepInEpoch: 1, ...more },
  tensors: { '0-Dense/kernel': kernel, w: { dtype: 'int32', shape: [], data: Int32Array.of(step) } },
});
const stepOf = (found: Checkpoint | undefined): number | undefined => found?.manifest.step;

describe('the chain', () => {
  test('keeps the last ones, the newest comes back', async () => {
    const store = memoryStore();
    const chain = checkpoints(store, { keep: 3 });
    expect(await chain.latest()).toBeUndefined();
    for (let step = 1; step <= 5; step++) await chain.save(numbered(step));
    expect((await store.list()).sort()).toEqual([
      'last-000003-step3.safetensors',
      'last-000004-step4.safetensors',
      'last-000005-step5.safetensors',
    ]);
    expect(stepOf(await chain.latest())).toBe(5);
    expect((await chain.latest())?.tensors.w?.data).toEqual(Int32Array.of(5));
  });

  test('a run begun anew in the same store is the newer one', async () => {
    const store = memoryStore();
    await checkpoints(store).save(numbered(900));
    await checkpoints(store).save(numbered(10));
    expect(stepOf(await checkpoints(store).latest())).toBe(10);
  });

  test('a damaged or foreign one is skipped with a warning, the one before it comes back', async () => {
    const store = memoryStore();
    const warnings: string[] = [];
    const chain = checkpoints(store, { keep: 3, warn: message => warnings.push(message) });
    for (const step of [1, 2, 3]) await chain.save(numbered(step));
    const last = 'last-000003-step3.safetensors';
    await store.write(last, (await store.read(last))!.slice(0, -1));
    expect(stepOf(await chain.latest())).toBe(2);
    await store.write('last-000002-step2.safetensors', new Uint8Array(3));
    expect(stepOf(await chain.latest())).toBe(1);
    expect(warnings.at(-2)).toMatch(/last-000003.*damaged/);
    expect(warnings.at(-1)).toMatch(/last-000002.*not a checkpoint/);
    // what is written next is newer than the damaged ones
    await chain.save(numbered(4));
    expect(stepOf(await chain.latest())).toBe(4);
  });

  test('when none is whole, resuming is an error, not a new start', async () => {
    const store = memoryStore();
    await store.write('last-000001-step5.safetensors', new Uint8Array(3));
    const latest = checkpoints(store, { warn: () => undefined }).latest();
    await expect(latest).rejects.toThrow(/none of the checkpoints last-000001/);
  });

  test('other files in the store are left alone', async () => {
    const store = memoryStore();
    await store.write('notes.txt', new Uint8Array(3));
    const chain = checkpoints(store, { keep: 1 });
    for (const step of [1, 2]) await chain.save(numbered(step));
    expect((await store.list()).sort()).toEqual(['last-000002-step2.safetensors', 'notes.txt']);
  });

  test.each<[string, number[], CheckpointsOptions, number | undefined]>([
    ['lower is better', [3, 1, 2], { best: 'score', mode: 'min' }, 2],
    ['higher is better', [3, 1, 2], { best: 'score', mode: 'max' }, 1],
    ['by its name, a loss', [3, 1, 2], { best: 'valLoss' }, 2],
    ['by its name, an accuracy', [0.5, 0.4, 0.9, 0.7], { best: 'valAccuracy' }, 3],
    ['an equal one is no better', [2, 2, 2], { best: 'score', mode: 'min' }, 1],
    ['NaN is never the best', [Number.NaN, 5, Number.NaN], { best: 'score', mode: 'min' }, 2],
    ['NaN alone', [Number.NaN], { best: 'score', mode: 'max' }, undefined],
  ])('the best, apart from the last: %s', async (_, values, options, epoch) => {
    const chain = checkpoints(memoryStore(), { keep: 1, ...options });
    for (let e = 1; e <= values.length; e++) {
      await chain.save(numbered(10 * e - 5));
      const history = { [options.best!]: values.slice(0, e) };
      await chain.save(numbered(10 * e, { epoch: e, stepInEpoch: 0, history }));
    }
    expect(stepOf(await chain.best())).toBe(epoch && 10 * epoch);
    expect(stepOf(await chain.latest())).toBe(10 * values.length);
  });

  test('the best one has the weights that were measured, the last one those that were trained', async () => {
    const chain = checkpoints(memoryStore());
    const w = { dtype: 'int32', shape: [], data: Int32Array.of(-1) } as const;
    await chain.save(numbered(10, { epoch: 1, stepInEpoch: 0, history: { valLoss: [1] } }), { w });
    expect((await chain.best())?.tensors.w).toEqual(w);
    expect((await chain.latest())?.tensors.w?.data).toEqual(Int32Array.of(10));
    await chain.removeBest();
    expect(await chain.best()).toBeUndefined();
    await chain.removeBest();
  });

  test('what fails in writing leaves the last good one, and is thrown; what fails in removing is a warning', async () => {
    const inner = memoryStore();
    let full = false;
    const store: CheckpointStore = {
      ...inner,
      write: (name, bytes) =>
        full ? Promise.reject(new CheckpointError('full', 'no room')) : inner.write(name, bytes),
      remove: () => Promise.reject(new Error('busy')),
    };
    const warnings: string[] = [];
    const chain = checkpoints(store, { keep: 1, warn: message => warnings.push(message) });
    await chain.save(numbered(1));
    await chain.save(numbered(2));
    expect(warnings).toEqual([expect.stringMatching(/last-000001.*busy/)]);
    full = true;
    await expect(chain.save(numbered(3))).rejects.toMatchObject({ problem: 'full' });
    expect(stepOf(await chain.latest())).toBe(2);
  });

  test.each<[string, unknown, unknown, RegExp]>([
    ['keep is no count', memoryStore(), { keep: 0 }, /keep.*integer ≥ 1/],
    ['options are null', memoryStore(), null, /object of options/],
    ['an option is unknown', memoryStore(), { kept: 3 }, /kept.*keep/],
    ['there is no store', undefined, {}, /store.*directoryStore/],
    ['the store is a path', 'runs/mnist', {}, /store.*directoryStore/],
    ['the store can only write', { write: () => undefined }, {}, /store.*directoryStore/],
  ])('is refused where %s', (_, store, options, message) => {
    const open = () => checkpoints(store as CheckpointStore, options as CheckpointsOptions);
    expect(open).toThrow(OptionError);
    expect(open).toThrow(message);
  });
});

describe('two runs', () => {
  const other = (more: Partial<Manifest>): string[] => differences(manifest, { ...manifest, ...more });

  test('that are the same have no differences, wherever they are', () => {
    expect(other({ step: 99, epoch: 9, history: {}, optimizerValues: 3, averages: 1 })).toEqual([]);
    expect(() => checkSame(manifest, manifest)).not.toThrow();
  });

  test.each<[string, Partial<Manifest>, string[]]>([
    ['seed', { seed: 8 }, ['seed: 7 in the checkpoint, 8 now']],
    [
      'weights',
      { weights: { '0-Dense/kernel': '[3,4] float32', '0-Dense/bias': '[4] float32' } },
      [
        'weights.0-Dense/kernel: "[3,2] float32" in the checkpoint, "[3,4] float32" now',
        'weights.0-Dense/bias: nothing in the checkpoint, "[4] float32" now',
      ],
    ],
    [
      'a layer’s option',
      { layers: { '0-Dense': { units: 2, trainable: true }, '1-KeepprobDropout': { keepProb: 0.8 } } },
      ['layers.1-KeepprobDropout.keepProb: 0.5 in the checkpoint, 0.8 now'],
    ],
    [
      'optimizer',
      { optimizer: { SGD: { learningRate: 0.01 } } },
      [
        'optimizer.Adam: {"learningRate":0.01,"beta1":0.9} in the checkpoint, nothing now',
        'optimizer.SGD: nothing in the checkpoint, {"learningRate":0.01} now',
      ],
    ],
    [
      'an option of a plugin',
      { plugins: [{ l2: { l2: 1e-4, where: { function: 'all' } } }, { earlyStopping: { patience: 3 } }] },
      ['plugins.0.l2.where.function: "isKernel" in the checkpoint, "all" now'],
    ],
    [
      'a plugin',
      { plugins: [{ l2: { l2: 1e-4, where: { function: 'isKernel' } } }] },
      ['plugins.1: {"earlyStopping":{"patience":3}} in the checkpoint, nothing now'],
    ],
    [
      'wiring',
      { wiring: { '1-KeepprobDropout': '0-Dense#1' } },
      ['wiring.1-KeepprobDropout: "0-Dense" in the checkpoint, "0-Dense#1" now'],
    ],
    [
      'a metric',
      { objective: { loss: ['meanSquaredError'], metrics: [{ function: 'top3' }] } },
      ['objective.metrics.0.function: "top5" in the checkpoint, "top3" now'],
    ],
    [
      'batch size',
      { data: { rows: 100, batchSize: 16, shuffle: true } },
      ['data.batchSize: 32 in the checkpoint, 16 now'],
    ],
    [
      'masks',
      { versions: { ...manifest.versions, mask: 99, tfjs: '5' } },
      [`format of random numbers: ${MASK_FORMAT} in the checkpoint, 99 now`],
    ],
  ])('that differ in %s are told apart by name', (_, more, expected) => {
    expect(other(more)).toEqual(expected);
    expect(() => checkSame(manifest, { ...manifest, ...more })).toThrow(expected[0]);
  });
});
