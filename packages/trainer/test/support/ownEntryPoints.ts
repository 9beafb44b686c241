/** The functions that this package exports beside `fit`, with arguments that are right. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CheckpointError,
  checkpoints,
  decodeSafetensors,
  encodeSafetensors,
  evaluateRows,
  memoryStore,
} from '@keepprob/trainer';
import {
  applyPreprocessing,
  loadModel as loadModelFrom,
  preprocessingOf,
  undoLabelScaling,
} from '@keepprob/trainer/model';
import { csv, directoryStore, jsonLines, loadModel, modelFiles, saveModel, tensorBoard } from '@keepprob/trainer/node';
import * as tf from '@tensorflow/tfjs';
import { type EntryPoint, entryPoint } from '../../../core/test/support/entryPoints.ts';

const net = (): tf.LayersModel => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });
const ones = (): tf.Tensor => tf.ones([8, 2]);
const [x, y, model] = [ones(), ones(), net()];
const errors = [CheckpointError];
const folder = mkdtempSync(join(tmpdir(), 'entry-points-'));

const names = ['text', 'numeral', 'constructor', 'proto'];
const options = ['undefined', 'object', 'without a prototype'];

const rows: readonly EntryPoint[] = [
  entryPoint(
    'evaluateRows',
    () => ({ model: net(), data: { x, y }, options: { loss: 'meanSquaredError' } }),
    args => evaluateRows(args.model, args.data, args.options),
  ),
  entryPoint(
    'evaluateRows of arrays',
    () => ({ x: ones(), y: ones() }),
    data => evaluateRows(model, data, { loss: 'meanSquaredError' }),
  ),
  entryPoint(
    'evaluateRows with options',
    () => ({ loss: 'meanSquaredError', metrics: ['mse'], lossWeights: null, batchSize: 4, signal: null }),
    given => evaluateRows(model, { x, y }, given),
    {
      takes: {
        metrics: ['undefined', 'null', 'list', 'object', 'without a prototype', 'sparse list'],
        lossWeights: ['undefined', 'null', 'object', 'without a prototype'],
        batchSize: ['undefined', 'one', 'unsafe'],
        signal: ['undefined', 'null'],
      },
    },
  ),
];

const bytes = Uint8Array.of(1);
const stores: readonly EntryPoint[] = [
  entryPoint(
    'memoryStore',
    () => ({ name: 'a', bytes }),
    async given => {
      const store = memoryStore();
      await store.write(given.name, given.bytes);
      await store.read(given.name);
      await store.remove(given.name);
    },
    { errors, takes: { name: names } },
  ),
  entryPoint(
    'directoryStore',
    () => ({ path: join(folder, 'store'), name: 'a', bytes }),
    async given => {
      const store = directoryStore(given.path);
      if (given.path.startsWith(folder)) await store.write(given.name, given.bytes);
      await store.read(given.name);
      await store.remove(given.name);
    },
    { errors, takes: { path: names, name: names } },
  ),
  entryPoint(
    'checkpoints',
    () => ({ store: memoryStore(), options: {} }),
    args => checkpoints(args.store, args.options).latest(),
    { takes: { options } },
  ),
  entryPoint(
    'encodeSafetensors',
    () => ({ tensors: {}, metadata: {} }),
    file => encodeSafetensors(file),
    {
      errors,
      takes: {
        tensors: ['object', 'without a prototype'],
        metadata: ['object', 'without a prototype', 'schedule that is none'],
      },
    },
  ),
  entryPoint(
    'decodeSafetensors',
    () => ({ file: encodeSafetensors({ tensors: {}, metadata: {} }) }),
    ({ file }) => decodeSafetensors(file),
    { errors },
  ),
];

const listeners: readonly EntryPoint[] = [
  entryPoint(
    'csv',
    () => ({ path: 'log.csv' }),
    ({ path }) => csv(path),
    { takes: { path: names } },
  ),
  entryPoint(
    'jsonLines',
    () => ({ target: 'log.jsonl', options: {} }),
    args => jsonLines(args.target, args.options),
    { takes: { target: names, options } },
  ),
  entryPoint(
    'tensorBoard',
    () => ({ directory: 'runs', options: {} }),
    args => tensorBoard(args.directory, args.options),
    { takes: { directory: names, options } },
  ),
];

const saved: readonly EntryPoint[] = [
  entryPoint(
    'saveModel',
    () => ({ model: net(), options: {} }),
    args => saveModel(args.model, join(folder, 'model'), args.options),
    { takes: { options } },
  ),
  entryPoint(
    'modelFiles',
    () => ({ path: join(folder, 'model') }),
    ({ path }) => modelFiles(path),
    { takes: { path: names } },
  ),
  entryPoint(
    'loadModel of a file',
    () => ({ path: join(folder, 'model') }),
    ({ path }) => loadModel(path),
  ),
  entryPoint(
    'loadModel',
    () => ({ from: { load: async () => ({ modelTopology: net().toJSON(null, false) }) } }),
    ({ from }) => loadModelFrom(from),
  ),
  entryPoint(
    'preprocessingOf',
    () => ({ model: net() }),
    args => preprocessingOf(args.model),
  ),
  entryPoint(
    'applyPreprocessing',
    () => ({ model: { shape: [2] }, rows: [[1, 2]] }),
    args => applyPreprocessing(args.model, args.rows),
    { takes: { rows: null } },
  ),
  entryPoint(
    'undoLabelScaling',
    () => ({ model: { shape: [2] }, predictions: ones() }),
    args => undoLabelScaling(args.model, args.predictions),
    { takes: { model: ['data of another shape'], predictions: null } },
  ),
];

export const entryPoints: readonly EntryPoint[] = [...rows, ...stores, ...listeners, ...saved];
