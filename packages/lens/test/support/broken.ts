/** Layers that are wrong in one way each. */
import * as tf from '@tensorflow/tfjs';

const one = (inputs: tf.Tensor | tf.Tensor[]): tf.Tensor => [inputs].flat()[0] as tf.Tensor;
type Save = (tensors: tf.Tensor[]) => void;

abstract class Elementwise extends tf.layers.Layer {
  override computeOutputShape<S>(shape: S): S {
    return shape;
  }
}

/** A sigmoid that claims `factor` times its slope. */
export class WrongSlope extends Elementwise {
  static className = 'WrongSlope';
  readonly factor: number;
  constructor(factor: number, name = 'wrongSlope') {
    super({ name });
    this.factor = factor;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const op = tf.customGrad((x, save) => {
      const value = tf.sigmoid(x as tf.Tensor);
      (save as Save)([value]);
      return {
        value,
        gradFunc: (dy, [s]) => tf.mul(tf.mul(dy as tf.Tensor, this.factor), tf.mul(s!, tf.sub(1, s!))),
      };
    });
    return op(one(inputs));
  }
}

/** x w + x² v, with the second term left out of the gradient by v. */
export class MissingTerm extends Elementwise {
  static className = 'MissingTerm';
  #w: tf.LayerVariable | undefined;
  #v: tf.LayerVariable | undefined;
  constructor() {
    super({ name: 'missingTerm' });
  }
  override build(shape: tf.Shape): void {
    const add = (name: string, seed: number) =>
      this.addWeight(name, [shape.at(-1)!], 'float32', tf.initializers.randomNormal({ seed, stddev: 1 }));
    this.#w = add('w', 1);
    this.#v = add('v', 2);
    super.build(shape);
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const square = tf.customGrad((x, v, save) => {
      (save as unknown as Save)([x as tf.Tensor, v as tf.Tensor]);
      return {
        value: tf.mul(tf.square(x as tf.Tensor), v as tf.Tensor),
        gradFunc: (dy, [a, b]) => [tf.mul(tf.mul(dy as tf.Tensor, 2), tf.mul(a!, b!)), tf.zerosLike(b!)],
      };
    });
    const x = one(inputs);
    return tf.add(tf.mul(x, this.#w!.read()), square(x, this.#v!.read()));
  }
}

/** Random at inference too, or in training alone. */
export class Noisy extends Elementwise {
  static className = 'Noisy';
  readonly always: boolean;
  constructor(always: boolean) {
    super({ name: 'noisy' });
    this.always = always;
  }
  override call(inputs: tf.Tensor | tf.Tensor[], { training = false }: { training?: boolean } = {}): tf.Tensor {
    const x = one(inputs);
    return this.always || training ? tf.add(x, tf.randomNormal(x.shape, 0, 0.1)) : x;
  }
}

/** √x, NaN below 0. */
export class Root extends Elementwise {
  static className = 'Root';
  constructor() {
    super({ name: 'root' });
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.sqrt(one(inputs));
  }
}

export class Fails extends Elementwise {
  static className = 'Fails';
  calls = 0;
  readonly after: number;
  constructor(after: number) {
    super({ name: 'fails' });
    this.after = after;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    if (this.calls++ >= this.after) throw new Error('this layer fails');
    return tf.clone(one(inputs));
  }
}
