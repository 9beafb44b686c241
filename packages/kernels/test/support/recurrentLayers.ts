/** Recurrent layers, what they answer, and which of our kernels computed it. */
import * as tf from '@tensorflow/tfjs';
import { vi } from 'vitest';
import { install, uninstall } from '../../src/wasm.ts';
import { floats, sizeOf } from './numbers.ts';

export const input = (shape: number[], seed = 3): tf.Tensor => tf.tensor(floats(sizeOf(shape), seed), shape);
const random = (seed: number) => tf.initializers.randomUniform({ minval: -0.7, maxval: 0.7, seed });
export const seeded = { kernelInitializer: random(1), recurrentInitializer: random(2), biasInitializer: random(3) };

const factories = { LSTM: tf.layers.lstm, GRU: tf.layers.gru, SimpleRNN: tf.layers.simpleRNN };
export type Name = keyof typeof factories;
export const names = Object.keys(factories) as Name[];

export type Make = () => tf.layers.Layer;
export const layerOf =
  (name: Name, args: object = {}): Make =>
  () =>
    factories[name]({ units: 6, ...seeded, ...args } as Parameters<typeof tf.layers.lstm>[0]);

type Masks = Readonly<Partial<Record<'dropoutMask' | 'recurrentDropoutMask', tf.Tensor | tf.Tensor[] | null>>>;
type Cell = Masks & { readonly cells?: readonly Cell[] };
type Holder = { readonly cell?: Cell; readonly forwardLayer?: Holder; readonly backwardLayer?: Holder };

/** The masks that a cell of TF.js keeps, of x and of h. */
export const keptMasks = (layer: unknown): tf.Tensor[] => {
  const { cell, forwardLayer, backwardLayer } = layer as Holder;
  if (!cell) return [forwardLayer, backwardLayer].flatMap(part => (part ? keptMasks(part) : []));
  return [cell, ...(cell.cells ?? [])]
    .flatMap(({ dropoutMask, recurrentDropoutMask }) => [dropoutMask, recurrentDropoutMask].flat())
    .filter(mask => mask != null);
};

/** Weights, and what a layer keeps beside them. */
export function forget(layer: tf.layers.Layer): void {
  if (layer instanceof tf.RNN && layer.stateful) layer.resetStates();
  const states = layer instanceof tf.RNN && layer.stateful ? [layer.states].flat() : [];
  tf.dispose([...layer.weights.map(weight => weight.read()), ...states, ...keptMasks(layer)]);
}

export interface Asked {
  readonly states?: readonly tf.Tensor[];
  readonly mask?: tf.Tensor;
  readonly shape?: number[];
}

/** Two calls in training and one at inference, the gradients of the second by input, first states and weights, and the masks that are kept. */
export function answers(make: Make, { states = [], mask, shape = [5, 4, 3] }: Asked = {}): Float32Array[] {
  return tf.tidy(() => {
    const layer = make();
    const x = input(shape);
    const kwargs = { ...(states.length > 0 ? { initialState: states } : {}), ...(mask ? { mask } : {}) };
    const call = (x: tf.Tensor, training: boolean): tf.Tensor[] =>
      [layer.apply(x, { ...kwargs, training }) as tf.Tensor | tf.Tensor[]].flat();
    const first = call(x, true);
    const weights = layer.trainableWeights.map(weight => weight.read() as tf.Variable);
    const dys = first.map((y, i) => input(y.shape, 7 + i));
    const loss = (..._: tf.Tensor[]): tf.Scalar =>
      tf.addN(call(x, true).map((y, i) => tf.sum(tf.mul(y, dys[i]!)))) as tf.Scalar;
    const grads = tf.grads(loss)([x, ...states, ...weights]);
    const drawn = keptMasks(layer).map(t => t.dataSync<'float32'>().slice());
    const read = [...first, ...grads, ...call(x, false)].map(t => t.dataSync<'float32'>().slice());
    forget(layer);
    return [...read, ...drawn];
  });
}

/** The names of the kernels that ran, as far as they are ours. */
export async function kernelsOf(f: () => unknown): Promise<string[]> {
  const { kernels } = await tf.profile(() => {
    tf.tidy(() => {
      f();
    });
    return [];
  });
  return kernels.map(({ name }) => name).filter(isOurs);
}
export const isOurs = (name: string): boolean => /^Keepprob(LSTM|GRU|ResetAfterGRU|SimpleRNN)/.test(name);

export async function withOurs<T>(f: () => T | Promise<T>): Promise<T> {
  await install();
  try {
    return await f();
  } finally {
    uninstall();
  }
}

/** Runs `f`, in which TF.js draws the same masks every time. */
export function drawingAlike<T>(f: () => T): T {
  let draws = 0;
  const spy = vi.spyOn(Math, 'random').mockImplementation(() => (++draws * 0.6180339887) % 1);
  try {
    return f();
  } finally {
    spy.mockRestore();
  }
}
