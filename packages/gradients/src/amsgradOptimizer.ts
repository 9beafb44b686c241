/**
 * AMSGrad is an optimizer and no plugin: the change of a weight, which a plugin could scale, has weight decay in it as well. It is a `tf.Optimizer` as TF.js' own are
 * (read in tfjs-core 4.22): lists of slots, all in one order, and the powers of β as variables, which is what checkpoints save.
 */
import { checkOptions, type OptionSpecs, option } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `amsgrad`. */
export interface AmsgradOptions {
  /** The learning rate η > 0; 1e-3 by default. */
  readonly learningRate?: number;
  /** β₁, 0 ≤ β₁ < 1: how slowly the mean of gradients moves; .9 by default. */
  readonly beta1?: number;
  /** β₂, 0 ≤ β₂ < 1: how slowly the mean of squares moves; .999 by default. */
  readonly beta2?: number;
  /** ε > 0, added to the denominator; the backend's by default, 1e-7 in float32. */
  readonly epsilon?: number | undefined;
}

const share = (fallback: number) => option.number({ min: 0, below: 1, fallback });

const specs: OptionSpecs<AmsgradOptions> = {
  learningRate: option.number({ above: 0, fallback: 1e-3 }),
  beta1: share(0.9),
  beta2: share(0.999),
  epsilon: option.optional(option.number({ above: 0 })),
};

interface Slot {
  readonly originalName: string;
  readonly variable: tf.Variable;
}
type Gradients = Parameters<tf.Optimizer['applyGradients']>[0];
type Weights = Awaited<ReturnType<tf.Optimizer['getWeights']>>;

export class AmsgradOptimizer extends tf.Optimizer {
  /** Its name in saved models. */
  static className = 'KeepprobAmsgrad';
  /** η, which schedules set. */
  learningRate: number;
  /** β₁. */
  readonly beta1: number;
  /** β₂. */
  readonly beta2: number;
  /** ε. */
  readonly epsilon: number;
  /** m of each weight. */
  accumulatedFirstMoment: Slot[] = [];
  /** v of each weight. */
  accumulatedSecondMoment: Slot[] = [];
  /** The largest v so far, of each weight. */
  accumulatedMaximum: Slot[] = [];
  /** β₁ᵗ of the next update. */
  readonly accBeta1: tf.Variable;
  /** β₂ᵗ of the next update. */
  readonly accBeta2: tf.Variable;

  /** @throws OptionError for a value out of range */
  constructor(options: AmsgradOptions = {}) {
    super();
    const { learningRate, beta1, beta2, epsilon } = checkOptions<AmsgradOptions>('amsgrad', specs, options);
    this.learningRate = learningRate;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon ?? tf.backend().epsilon();
    this.accBeta1 = tf.tidy(() => tf.variable(tf.scalar(beta1), false));
    this.accBeta2 = tf.tidy(() => tf.variable(tf.scalar(beta2), false));
  }

  override applyGradients(given: Gradients): void {
    const gradients = Array.isArray(given)
      ? given.map(({ name, tensor }) => [name, tensor] as const)
      : Object.entries(given);
    tf.tidy(() => {
      const corrections = [tf.sub(1, this.accBeta1), tf.sub(1, this.accBeta2)] as const;
      for (const [i, [name, gradient]] of gradients.entries()) {
        const variable = tf.engine().registeredVariables[name];
        if (!variable) continue;
        const slots = slotsAt(this, i, variable);
        if (gradient) updateOne(this, variable, slots, gradient, corrections);
      }
      this.accBeta1.assign(tf.mul(this.accBeta1, this.beta1));
      this.accBeta2.assign(tf.mul(this.accBeta2, this.beta2));
    });
    this.incrementIterations();
  }

  override async getWeights(): Promise<Weights> {
    const slots = listsOf(this).flatMap(list => list.map(slot => ({ name: slot.originalName, tensor: slot.variable })));
    return [await this.saveIterations(), ...slots];
  }

  override async setWeights(given: Weights): Promise<void> {
    const weights = await this.extractIterations(given);
    const count = weights.length / 3;
    const listAt = (i: number): Slot[] =>
      weights.slice(i * count, (i + 1) * count).map(({ name, tensor }) => ({
        originalName: name,
        variable: tf.tidy(() => tf.variable(tf.clone(tensor), false)),
      }));
    tf.dispose(listsOf(this).flatMap(list => list.map(slot => slot.variable)));
    this.accumulatedFirstMoment = listAt(0);
    this.accumulatedSecondMoment = listAt(1);
    this.accumulatedMaximum = listAt(2);
    tf.tidy(() => {
      this.accBeta1.assign(tf.scalar(this.beta1 ** (this.iterations + 1)));
      this.accBeta2.assign(tf.scalar(this.beta2 ** (this.iterations + 1)));
    });
  }

  override dispose(): void {
    tf.dispose([this.accBeta1, this.accBeta2, ...listsOf(this).flatMap(list => list.map(slot => slot.variable))]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { learningRate, beta1, beta2, epsilon } = this;
    return { learningRate, beta1, beta2, epsilon };
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    // a saved model hands other keys over as well
    const own = Object.keys(specs).map(key => [key, config[key]]);
    return new cls(Object.fromEntries(own));
  }
}

const listsOf = (optimizer: AmsgradOptimizer): [m: Slot[], v: Slot[], largest: Slot[]] => [
  optimizer.accumulatedFirstMoment,
  optimizer.accumulatedSecondMoment,
  optimizer.accumulatedMaximum,
];

/** What is remembered of the variable at a position, zeros at first. */
function slotsAt(
  optimizer: AmsgradOptimizer,
  i: number,
  variable: tf.Variable,
): [m: tf.Variable, v: tf.Variable, largest: tf.Variable] {
  const [m, v, largest] = listsOf(optimizer);
  const at = (list: Slot[], kind: string): tf.Variable => {
    list[i] ??= { originalName: `${variable.name}/${kind}`, variable: tf.variable(tf.zerosLike(variable), false) };
    return list[i].variable;
  };
  return [at(m, 'm'), at(v, 'v'), at(largest, 'vhat')];
}

function updateOne(
  { learningRate, beta1, beta2, epsilon }: AmsgradOptimizer,
  variable: tf.Variable,
  [m, v, largest]: readonly [m: tf.Variable, v: tf.Variable, largest: tf.Variable],
  gradient: tf.Tensor,
  [correction1, correction2]: readonly [tf.Tensor, tf.Tensor],
): void {
  m.assign(tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1)));
  v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2)));
  // max(a, b) = a + relu(b − a): stock WASM takes long for a maximum of two tensors
  largest.assign(tf.add(largest, tf.relu(tf.sub(v, largest))));
  const divisor = tf.add(tf.sqrt(tf.div(largest, correction2)), epsilon);
  variable.assign(tf.sub(variable, tf.mul(tf.div(tf.div(m, correction1), divisor), learningRate)));
}
