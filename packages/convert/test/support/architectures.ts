/** Models of random layers, sizes and graphs, each of its number: the same number gives the same model. */
import {
  alphaDropout,
  dropBlock2D,
  dropConnect,
  dropout,
  dropoutGRU,
  dropoutLSTM,
  dropoutSimpleRNN,
  dropPath,
  embeddingDropout,
  featureAlphaDropout,
  gaussianDropout,
  gaussianNoise,
  register as registerDropout,
  spatialDropout1D,
  spatialDropout2D,
  wordDropout,
} from '@keepprob/dropout';
import { register as registerL2, spectralNorm, weightNorm } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { fill } from './models.ts';

const { layers } = tfl;
type Layer = tfl.layers.Layer;
type Symbolic = tfl.SymbolicTensor;

/** Numbers in [0, 1) from a seed: mulberry32. */
function drawing(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A model with random inputs for it. */
export interface Architecture {
  readonly model: tfl.LayersModel;
  readonly inputs: tf.Tensor[];
}

/** What may be in a model. */
export interface Allowed {
  /** Layers of ours that Keras has not, and wrappers. */
  readonly ours: boolean;
  /** Masks of time steps. */
  readonly masks: boolean;
}

const activations = ['linear', 'relu', 'tanh', 'sigmoid', 'elu', 'softplus', 'softsign', 'swish', 'selu'] as const;
/** Names that are nearly those which a script gives, or mean something in Python. */
const strange = ['class', 'x', 'train', 'a', 'a_mask', 'a_forward', 'a_steps', 'a_1_', 'x-y', 'a.b', '2nd', 'nn'];

class Grower {
  readonly #draw: () => number;
  readonly #allowed: Allowed;
  readonly #names = new Set<string>();
  #masked = false;

  constructor(seed: number, allowed: Allowed) {
    this.#draw = drawing(seed);
    this.#allowed = allowed;
  }

  below(count: number): number {
    return Math.floor(this.#draw() * count);
  }
  /** From `least` to `most`. */
  size(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }
  pick<T>(...values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
  chance(probability: number): boolean {
    return this.#draw() < probability;
  }
  name(): string {
    const wanted = this.chance(0.1) ? this.pick(...strange) : `layer_${this.#names.size}`;
    const name = this.#names.has(wanted) ? `layer_${this.#names.size}` : wanted;
    this.#names.add(name);
    return name;
  }
  get ours(): boolean {
    return this.#allowed.ours;
  }

  dense(units = this.size(1, 5)): Layer {
    const args = { units, activation: this.pick(...activations), useBias: this.chance(0.8), name: this.name() };
    const layer = layers.dense(args);
    return this.ours ? this.wrapped(layer) : layer;
  }

  /** Wrappers that take a layer with one kernel. */
  wrapped(layer: Layer): Layer {
    const name = this.name();
    return this.pick(
      () => layer,
      () => layer,
      () => weightNorm(layer, { name }),
      () => spectralNorm(layer, { name }),
      () => dropConnect(layer, { rate: 0.3, name }),
    )();
  }

  /** Layers that take any shape and keep it. */
  anywhere(shape: readonly number[]): Layer {
    const name = this.name();
    const ours = [
      () => dropout({ rate: 0.3, name }),
      () => alphaDropout({ rate: 0.1, name }),
      () => gaussianDropout({ rate: 0.1, name }),
      () => gaussianNoise({ stddev: 0.2, name }),
      () => dropPath({ rate: 0.2, name }),
      ...(shape.length > 1 && shape.length < 5 ? [() => featureAlphaDropout({ rate: 0.2, name })] : []),
    ];
    return this.pick<() => Layer>(
      () => layers.dropout({ rate: 0.3, name }),
      () => layers.gaussianNoise({ stddev: 0.1, name }),
      () => layers.activation({ activation: this.pick(...activations), name }),
      () => layers.leakyReLU({ alpha: 0.2, name }),
      () => layers.reLU({ name, ...(this.chance(0.5) && { maxValue: 0.4 }) }),
      () => layers.prelu({ name }),
      () => layers.layerNormalization({ name }),
      () => layers.batchNormalization({ name, center: this.chance(0.8), scale: this.chance(0.8) }),
      ...(this.ours ? ours : []),
    )();
  }

  recurrent(returnSequences: boolean): Layer {
    const name = this.name();
    const own = {
      units: this.size(1, 4),
      returnSequences,
      goBackwards: this.chance(0.2),
      useBias: this.chance(0.8),
      activation: this.pick('tanh' as const, 'relu' as const, 'softsign' as const),
      name,
    };
    const gated = { ...own, recurrentActivation: this.pick('sigmoid' as const, 'hardSigmoid' as const) };
    const kept = { keepProb: 0.8, recurrentKeepProb: 0.7 };
    return this.pick<() => Layer>(
      () => layers.lstm(gated),
      () => layers.gru(gated),
      () => layers.simpleRNN(own),
      ...(this.ours
        ? [
            () => dropoutLSTM({ ...gated, ...kept }),
            () => dropoutGRU({ ...gated, ...kept, resetAfter: this.chance(0.5) }),
            () => dropoutSimpleRNN({ ...own, keepProb: 0.9 }),
          ]
        : []),
    )();
  }

  /** Layers for sequences [time, features]. */
  sequence([time = 1]: readonly number[]): Layer {
    const sequences = this.chance(0.7);
    const maskable = this.#allowed.masks && !this.#masked && this.chance(0.3);
    if (maskable) {
      this.#masked = true;
      return layers.masking({ maskValue: 0, name: this.name() });
    }
    const ours = [
      () => spatialDropout1D({ rate: 0.2, name: this.name() }),
      () => dropConnect(this.recurrent(sequences), { rate: 0.3, roles: ['recurrent'], name: this.name() }),
      () => weightNorm(this.recurrent(sequences), { name: this.name() }),
    ];
    return this.pick<() => Layer>(
      () => this.recurrent(sequences),
      () => this.recurrent(sequences),
      () => this.bidirectional(sequences),
      () => layers.timeDistributed({ layer: this.dense(), name: this.name() }),
      () => this.dense(),
      () =>
        layers.conv1d({
          filters: this.size(1, 4),
          kernelSize: this.size(1, Math.min(3, time)),
          padding: this.pick('same', 'valid'),
          activation: this.pick(...activations),
          name: this.name(),
          ...(this.chance(0.5) ? { strides: this.size(1, 2) } : {}),
        }),
      ...(time > 1
        ? [
            () => layers.maxPooling1d({ poolSize: 2, padding: this.pick('same', 'valid'), name: this.name() }),
            () => layers.averagePooling1d({ poolSize: 2, padding: this.pick('same', 'valid'), name: this.name() }),
          ]
        : []),
      () => layers.permute({ dims: [2, 1], name: this.name() }),
      () => layers.globalAveragePooling1d({ name: this.name() }),
      () => layers.globalMaxPooling1d({ name: this.name() }),
      () => layers.flatten({ name: this.name() }),
      () => layers.spatialDropout1d({ rate: 0.2, name: this.name() }),
      ...(this.ours ? ours : []),
    )();
  }

  bidirectional(returnSequences: boolean): Layer {
    const layer = this.recurrent(returnSequences) as tfl.RNN;
    return layers.bidirectional({ layer, mergeMode: this.pick('concat', 'sum', 'mul', 'ave'), name: this.name() });
  }

  /** Layers for images [height, width, channels]. */
  image([height = 1, width = 1]: readonly number[]): Layer {
    const side = Math.min(height, width);
    const padding = this.pick('same' as const, 'valid' as const);
    const kernelSize = [this.size(1, Math.min(3, height)), this.size(1, Math.min(3, width))] as [number, number];
    const active = { activation: this.pick(...activations), useBias: this.chance(0.8) };
    const strides = this.chance(0.3) ? 2 : 1;
    const margin = (): [number, number] => [this.below(2), this.below(2)];
    return this.pick<() => Layer>(
      () => layers.conv2d({ filters: this.size(1, 4), kernelSize, padding, strides, ...active, name: this.name() }),
      () => {
        const args = { filters: this.size(1, 4), kernelSize, padding, ...active, name: this.name() };
        const conv = layers.conv2d(args);
        return this.ours ? this.wrapped(conv) : conv;
      },
      () =>
        layers.depthwiseConv2d({ kernelSize, padding, depthMultiplier: this.size(1, 2), ...active, name: this.name() }),
      () => layers.separableConv2d({ filters: this.size(1, 3), kernelSize, padding, ...active, name: this.name() }),
      () =>
        layers.conv2dTranspose({
          filters: this.size(1, 3),
          kernelSize,
          padding,
          strides,
          ...active,
          name: this.name(),
        }),
      () => layers.zeroPadding2d({ padding: [margin(), margin()], name: this.name() }),
      () => layers.upSampling2d({ size: [this.size(1, 2), this.size(1, 2)], name: this.name() }),
      ...(side > 1
        ? [
            () => layers.maxPooling2d({ poolSize: 2, strides: this.size(1, 2), padding, name: this.name() }),
            () => layers.averagePooling2d({ poolSize: 2, strides: this.size(1, 2), padding, name: this.name() }),
          ]
        : []),
      ...(side > 2
        ? [
            () => layers.cropping2D({ cropping: [margin(), margin()], name: this.name() }),
            ...(this.ours ? [() => dropBlock2D({ rate: 0.1, blockSize: 2, name: this.name() })] : []),
          ]
        : []),
      () => layers.globalAveragePooling2d({ name: this.name() }),
      () => layers.globalMaxPooling2d({ name: this.name() }),
      () => layers.flatten({ name: this.name() }),
      () => this.dense(),
      ...(this.ours ? [() => spatialDropout2D({ rate: 0.2, name: this.name() })] : []),
    )();
  }

  /** Layers for frames [time, height, width, channels]. */
  frames([, ...shape]: readonly number[]): Layer {
    const inner = this.image(shape);
    return layers.timeDistributed({ layer: inner, name: this.name() });
  }

  next(shape: readonly number[]): Layer {
    if (this.chance(0.3)) return this.anywhere(shape);
    if (shape.length === 1) return this.flat(shape);
    if (shape.length === 2) return this.sequence(shape);
    return shape.length === 3 ? this.image(shape) : this.frames(shape);
  }

  flat([size = 1]: readonly number[]): Layer {
    return this.pick<() => Layer>(
      () => this.dense(),
      () => this.dense(),
      () => layers.repeatVector({ n: this.size(1, 4), name: this.name() }),
      ...(size % 2 === 0 ? [() => layers.reshape({ targetShape: [2, size / 2], name: this.name() })] : []),
    )();
  }

  /** One layer, or two ways that come together again. */
  step(x: Symbolic): Symbolic {
    const shape = x.shape.slice(1) as number[];
    const apply = (layer: Layer, input: Symbolic): Symbolic => layer.apply(input) as Symbolic;
    if (this.chance(0.75)) return apply(this.next(shape), x);
    const branch = apply(this.anywhere(shape), x);
    const kind = this.pick('add', 'multiply', 'maximum', 'minimum', 'average', 'concatenate');
    return layers[kind as 'add']({ name: this.name() }).apply([x, branch]) as Symbolic;
  }

  input(): { readonly input: Symbolic; readonly x: Symbolic; readonly words: number } {
    const kind = this.pick('flat', 'sequence', 'sequence', 'words', 'words', 'image', 'image', 'frames');
    const side = (): number => this.size(2, 5);
    if (kind !== 'words') {
      const shape = {
        flat: () => [this.size(1, 6)],
        sequence: () => [side(), this.size(1, 4)],
        image: () => [side(), side(), this.size(1, 3)],
        frames: () => [2, this.size(2, 4), this.size(2, 4), this.size(1, 2)],
      }[kind]();
      const input = tfl.input({ shape, name: this.name() });
      return { input, x: input, words: 0 };
    }
    const input = tfl.input({ shape: [side()], name: this.name() });
    const maskZero = this.#allowed.masks && this.chance(0.6);
    this.#masked ||= maskZero;
    const embedding = layers.embedding({ inputDim: 5, outputDim: this.size(1, 4), maskZero, name: this.name() });
    const wrapped =
      this.ours && this.chance(0.3) ? embeddingDropout(embedding, { rate: 0.2, name: this.name() }) : embedding;
    const ids = this.ours && this.chance(0.3) ? wordDropout({ rate: 0.2, name: this.name() }).apply(input) : input;
    return { input, x: wrapped.apply(ids as Symbolic) as Symbolic, words: 5 };
  }

  /** Rows of which some features, and whole time steps, are 0. */
  rows({ shape }: Symbolic, words: number): tf.Tensor {
    const sizes = [3, ...shape.slice(1).map(size => size ?? 1)];
    const count = sizes.reduce((a, b) => a * b, 1);
    const width = sizes.at(-1) ?? 1;
    const empty = Array.from({ length: count / width }, () => this.chance(0.3));
    const data = Array.from({ length: count }, (_, i) => {
      const value = words ? this.below(words) : this.#draw() * 2 - 1;
      return !words && empty[Math.floor(i / width)] ? 0 : value;
    });
    return tf.tensor(data, sizes);
  }
}

/** Models with more numbers than this take long, and show no more. */
const MOST = 4000;

/** The model of a number. */
export function architecture(seed: number, allowed: Allowed): Architecture {
  registerDropout();
  registerL2();
  const grower = new Grower(seed, allowed);
  const { input, x, words } = grower.input();
  let result = x;
  for (let i = grower.size(1, 6); i > 0; i--) {
    const next = grower.step(result);
    const sizes = next.shape.slice(1);
    if (sizes.every(size => size && size > 0) && sizes.reduce<number>((a, b) => a * (b ?? 1), 1) < MOST) result = next;
  }
  // a script returns what a layer gives
  if (result === input)
    result = layers.activation({ activation: 'linear', name: grower.name() }).apply(input) as Symbolic;
  const model = fill(tfl.model({ inputs: input, outputs: result, name: 'net' }));
  return { model, inputs: [grower.rows(input, words)] };
}
