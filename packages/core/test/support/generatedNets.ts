/** Models of every shape that an identity must survive, from descriptions: built again from the same one, a model is the same but for its names. */
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { defineLayer, register } from '../../src/layers.ts';

type Symbolic = tf.SymbolicTensor;

/** Random keys in the order in which they were drawn, since the test emptied the list. */
export const drawn: { readonly site: number; readonly draw: number }[] = [];

/** Draws a key and does nothing with it, so that a model computes the same with it and without. */
const drop = defineLayer<object>({
  name: 'drop',
  className: 'TestGeneratedDrop',
  options: {},
  forward(x, _, at) {
    drawn.push(at.key());
    return tf.clone(x);
  },
});

const dense = (args: object = {}): tf.layers.Layer =>
  tf.layers.dense({ units: 3, kernelInitializer: 'ones', useBias: false, ...args });

/** A layer made of layers; which fields hold them, its subclasses say. */
abstract class Compound extends tf.layers.Layer {
  protected abstract get inner(): readonly tf.layers.Layer[];
  override build(shape: tf.Shape): void {
    for (const layer of this.inner) {
      layer.build(shape);
      layer.built = true;
    }
    super.build(shape);
  }
  override call(x: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor {
    return this.inner.reduce((h, layer) => layer.call(h, kwargs) as tf.Tensor, [x].flat()[0] as tf.Tensor);
  }
  override get trainableWeights(): tf.layers.Layer['trainableWeights'] {
    return this.inner.flatMap(layer => layer.trainableWeights);
  }
  override get nonTrainableWeights(): tf.layers.Layer['nonTrainableWeights'] {
    return this.inner.flatMap(layer => layer.nonTrainableWeights);
  }
}

class Fields extends Compound {
  static readonly className = 'TestGeneratedFields';
  readonly a = dense();
  readonly b = tf.layers.batchNormalization();
  /** No model, whatever its name. */
  readonly layers = [
    dense(),
    { more: new Map([['c/d', drop({})]]) },
    { 'more/c': dense({ trainable: false }) },
  ] as const;
  protected override get inner() {
    const [first, { more }, other] = this.layers;
    return [this.a, this.b, first, ...more.values(), other['more/c']] as tf.layers.Layer[];
  }
}

/** What no walk can see. */
class Hidden extends Compound {
  static readonly className = 'TestGeneratedHidden';
  readonly #layers = [dense(), drop({}), dense(), drop({})] as tf.layers.Layer[];
  protected override get inner() {
    return this.#layers;
  }
}

/** Multiplies by the transposed kernel of another layer. */
class Tied extends tf.layers.Layer {
  static readonly className = 'TestGeneratedTied';
  readonly of: tf.layers.Layer;
  constructor(of: tf.layers.Layer) {
    super({});
    this.of = of;
  }
  override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [kernel] = this.of.weights;
    return tf.tidy(() => tf.matMul([x].flat()[0] as tf.Tensor2D, kernel!.read() as tf.Tensor2D, false, true));
  }
  override get trainableWeights(): tf.layers.Layer['trainableWeights'] {
    return this.of.trainableWeights;
  }
  override computeOutputShape<S>(shape: S): S {
    return shape;
  }
}

register(drop, { layerClass: Fields }, { layerClass: Hidden });

/** A layer [3] → [3]. */
export type Unit = (typeof leaves)[number] | { readonly stack: readonly Unit[] } | { readonly graph: Net };
const leaves = ['dense', 'frozen', 'batchNorm', 'drop', 'fields', 'hidden', 'recurrent', 'embedded'] as const;

/** One tensor after another, each from those before it: 0 is the input. Numbers are taken modulo what there is. */
export interface Net {
  readonly steps: readonly Step[];
  /** Tensors that are outputs beside the last one. */
  readonly outputs: readonly number[];
}
type Step =
  | { readonly from: number; readonly unit: Unit }
  /** Calls the layer of an earlier step again. */
  | { readonly from: number; readonly again: number }
  /** With the kernel of an earlier dense layer. */
  | { readonly from: number; readonly tied: number }
  | { readonly from: number; readonly plus: number }
  /** Two recurrent layers: the second starts from the states of the first. Its own states are tensors, too. */
  | { readonly from: number; readonly decode: number };

const { unit } = fc.letrec<{ unit: Unit; net: Net }>(tie => ({
  unit: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(...leaves),
    fc.record({ stack: fc.array(tie('unit'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ graph: tie('net') }),
  ),
  net: fc.record({
    steps: fc.array(steps(tie('unit')), { minLength: 1, maxLength: 5 }),
    outputs: fc.array(fc.nat(9), { maxLength: 2 }),
  }),
}));

function steps(units: fc.Arbitrary<Unit>): fc.Arbitrary<Step> {
  const from = fc.nat(9);
  return fc.oneof(
    { arbitrary: fc.record({ from, unit: units }), weight: 4 },
    fc.record({ from, again: fc.nat(9) }),
    fc.record({ from, tied: fc.nat(9) }),
    fc.record({ from, plus: fc.nat(9) }),
    fc.record({ from, decode: fc.nat(9) }),
  );
}

/** Sequentials, whose first layer may be a model, and graphs. */
export const generated: fc.Arbitrary<Unit> = unit.filter(u => typeof u === 'object');

/** Whether it has tied weights. Such a model cannot be loaded, as the layer does not say whose kernel it has. */
export const isTied = (description: Unit): boolean => JSON.stringify(description).includes('"tied"');

/** Whether it calls a layer twice. TF.js may mix up the calls of such a layer when it loads them: another network is loaded then (tfjs-layers 4.22). */
export const isShared = (description: Unit): boolean => JSON.stringify(description).includes('"again"');

/**
 * Whether TF.js can train it. It calls a layer once for each of its outputs that is used, and in training hands the states that a recurrent layer
 * starts from on to the calls after it (tfjs-layers 4.22).
 */
export const isTrainable = (description: Unit): boolean => !JSON.stringify(description).includes('"decode"');

export const build = (description: Unit): tf.LayersModel => layerOf(description, true) as tf.LayersModel;

/** Layers of a Sequential have one output. */
const stackable = (description: Unit): Unit =>
  typeof description === 'object' && 'graph' in description
    ? { graph: { ...description.graph, outputs: [] } }
    : description;

function layerOf(description: Unit, isFirst: boolean): tf.layers.Layer {
  const first = isFirst ? { inputShape: [3] } : {};
  if (typeof description === 'object') {
    return 'graph' in description
      ? modelOf(description.graph)
      : tf.sequential({ layers: description.stack.map((u, i) => layerOf(stackable(u), i === 0)) });
  }
  switch (description) {
    case 'dense':
      return dense(first);
    case 'frozen':
      return dense({ ...first, trainable: false });
    case 'batchNorm':
      return tf.layers.batchNormalization(first);
    case 'drop':
      return drop(first);
    case 'fields':
      return new Fields(first);
    case 'hidden':
      return new Hidden(first);
    case 'recurrent': {
      const layer = tf.layers.gru({ units: 3, kernelInitializer: 'ones', recurrentInitializer: 'zeros' }) as tf.RNN;
      return tf.sequential({
        layers: [
          tf.layers.repeatVector({ n: 2, inputShape: [3] }),
          tf.layers.bidirectional({ layer, mergeMode: 'sum' }),
        ],
      });
    }
    case 'embedded': {
      const layer = tf.sequential({ layers: [dense({ inputShape: [3] }), drop({})] });
      return tf.sequential({
        layers: [
          tf.layers.repeatVector({ n: 2, inputShape: [3] }),
          tf.layers.timeDistributed({ layer }),
          tf.layers.globalAveragePooling1d({}),
        ],
      });
    }
  }
}

function modelOf({ steps, outputs }: Net): tf.LayersModel {
  const input = tf.input({ shape: [3] });
  const tensors: Symbolic[] = [input];
  const called: tf.layers.Layer[] = [];
  const at = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;
  const calling = (layer: tf.layers.Layer, x: Symbolic): Symbolic[] => {
    called.push(layer);
    return [layer.apply(x) as Symbolic | Symbolic[]].flat();
  };
  const sequence = (x: Symbolic): Symbolic => tf.layers.repeatVector({ n: 2 }).apply(x) as Symbolic;
  const lstm = (): tf.layers.Layer =>
    tf.layers.lstm({ units: 3, returnState: true, kernelInitializer: 'ones', recurrentInitializer: 'zeros' });
  const next = (step: Step): Symbolic[] => {
    const x = at(tensors, step.from);
    if ('unit' in step) return calling(layerOf(step.unit, false), x);
    if ('again' in step) return calling(called.length ? at(called, step.again) : layerOf('dense', false), x);
    if ('tied' in step) {
      const made = called.filter(layer => layer.getClassName() === 'Dense');
      const of = made.length ? at(made, step.tied) : layerOf('dense', false);
      // another layer may have its kernel before the layer itself has a place
      return made.length ? [new Tied(of).apply(x) as Symbolic] : calling(of, x);
    }
    if ('plus' in step) {
      // TF.js 4.22 disposes a tensor too early that one layer takes twice, and another layer takes as well
      const others = tensors.filter(tensor => tensor !== x);
      return others.length ? [tf.layers.add().apply([x, at(others, step.plus)]) as Symbolic] : [x];
    }
    const [, ...states] = lstm().apply(sequence(x)) as Symbolic[];
    return lstm().apply(sequence(at(tensors, step.decode)), { initialState: states }) as Symbolic[];
  };
  for (const step of steps) tensors.push(...next(step));
  const made = tensors.slice(1);
  const ends = new Set([...outputs.map(i => at(made, i)), made.at(-1) as Symbolic]);
  return tf.model({ inputs: input, outputs: [...ends] });
}
