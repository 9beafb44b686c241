/** Which recurrent layers run our kernels, and which go on to stock: by each option, and by all options together. */
import { dropoutGRU, dropoutLSTM, dropoutSimpleRNN } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { forget, kernelsOf } from './recurrentLayers.ts';

type Factory = (args: never) => tf.RNN;
export const layers: Readonly<Record<string, Factory>> = {
  'tf.layers.lstm': tf.layers.lstm as Factory,
  'tf.layers.gru': tf.layers.gru as Factory,
  'tf.layers.simpleRNN': tf.layers.simpleRNN as Factory,
  dropoutLSTM: dropoutLSTM as Factory,
  dropoutGRU: dropoutGRU as Factory,
  dropoutSimpleRNN: dropoutSimpleRNN as Factory,
};

/** What an option changes: arguments of the layer, of its call, what is around it, and which layers have it. */
export interface Option {
  readonly args?: object;
  readonly masked?: boolean;
  readonly initialState?: boolean;
  readonly both?: boolean;
  /** What takes a layer's place. */
  readonly make?: (factory: Factory, args: object) => tf.RNN;
  readonly has?: (layer: string) => boolean;
  /** How many cells the layer has. */
  readonly cells?: number;
}

const isGated = (layer: string): boolean => !/simpleRNN/i.test(layer);
const isStock = (layer: string): boolean => layer.startsWith('tf.');
const cellOf = (layer: tf.RNN): tf.RNN['cell'] => layer.cell;

/** By the text of the README. */
export const options: Readonly<Record<string, Option>> = {
  'its defaults': {},
  '`returnSequences`': { args: { returnSequences: true } },
  '`returnState`': { args: { returnState: true } },
  '`goBackwards`': { args: { goBackwards: true } },
  '`stateful`': { args: { stateful: true, batchInputShape: [2, 3, 4] } },
  'initial states': { initialState: true },
  '`useBias: false`': { args: { useBias: false } },
  "`recurrentActivation: 'sigmoid'`": { args: { recurrentActivation: 'sigmoid' }, has: isGated },
  '`dropout`': { args: { dropout: 0.5 } },
  '`recurrentDropout`': { args: { recurrentDropout: 0.5 } },
  'masks: `masking`, `maskZero`': { masked: true },
  '`bidirectional`': { both: true },
  '`resetAfter`': { args: { resetAfter: true }, has: layer => layer === 'dropoutGRU' },
  '`tf.layers.rnn` over the cell': {
    make: (factory, args) => tf.layers.rnn({ ...args, cell: cellOf(factory(args as never)) }) as tf.RNN,
    has: isStock,
  },
  '`unroll`, which TF.js ignores with a warning': { args: { unroll: true } },
  'other activations': { args: { activation: 'relu' } },
  'several cells in one layer': {
    cells: 2,
    make: (factory, args) => {
      const cells = [factory(args as never), factory(args as never)].map(cellOf);
      return tf.layers.rnn({ ...args, cell: cells as never }) as tf.RNN;
    },
    has: isStock,
  },
};

/** All of `chosen` at once: 'kernel' or 'stock', by what runs in a training step and at inference, and undefined where TF.js has no such layer. */
export async function whatRuns(layer: string, chosen: readonly Option[]): Promise<'kernel' | 'stock' | undefined> {
  const factory = layers[layer];
  if (!factory || chosen.some(({ has }) => has && !has(layer))) return undefined;
  const args = Object.assign({ units: 3 }, ...chosen.map(option => option.args));
  const make = chosen.find(option => option.make)?.make ?? ((f: Factory, args: object) => f(args as never));
  const isBoth = chosen.some(({ both }) => both);
  const ran = await kernelsOf(() => {
    const inner = make(factory, args);
    const whole: tf.layers.Layer = isBoth ? tf.layers.bidirectional({ layer: inner, mergeMode: 'concat' }) : inner;
    const states = [inner.cell.stateSize].flat().map(size => tf.ones([2, size]));
    const kwargs = {
      ...(chosen.some(({ masked }) => masked) ? { mask: tf.tensor2d([1, 1, 0, 1, 0, 0], [2, 3], 'bool') } : {}),
      ...(chosen.some(({ initialState }) => initialState)
        ? { initialState: isBoth ? [...states, ...states] : states }
        : {}),
    };
    const x = tf.ones([2, 3, 4]);
    const call = (x: tf.Tensor, training: boolean): tf.Tensor =>
      [whole.apply(x, { ...kwargs, training }) as tf.Tensor | tf.Tensor[]].flat()[0]!;
    call(x, false);
    tf.grad(x => tf.sum(call(x, true)))(x);
    forget(whole);
    if (isBoth) tf.dispose(inner.weights.map(weight => weight.read()));
  });
  const expected = 3 * (isBoth ? 2 : 1) * Math.max(1, ...chosen.map(({ cells = 1 }) => cells));
  if (ran.length !== 0 && ran.length !== expected)
    throw new Error(`${layer}: ${ran.length} of ${expected} kernels ran: ${ran}`);
  return ran.length > 0 ? 'kernel' : 'stock';
}
