/** Names that others choose are looked up among what an object itself has. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { logOf, OptionError, weightsOf } from '../../src/index.ts';
import { ownValue } from '../../src/options/ownValue.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const names = Object.getOwnPropertyNames(Object.prototype).filter(name => /^[a-z]/i.test(name));

class Named extends tf.layers.Layer {
  static readonly className = 'Named';
  readonly weightName: string;
  constructor(weightName: string) {
    super({ inputShape: [2] });
    this.weightName = weightName;
  }
  override build(): void {
    this.addWeight(this.weightName, [2], 'float32', tf.initializers.zeros());
    this.built = true;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    return inputs;
  }
}

test.each(names)('%s', name => {
  expect(ownValue({}, name)).toBeUndefined();
  expect(ownValue({ [name]: 1 }, name)).toBe(1);
  expect(() => logOf('owner', { loss: 1 }, name)).toThrow(OptionError);
  const model = tf.sequential({ layers: [new Named(name)] });
  expect(weightsOf(model).map(({ role, path }) => [role, path])).toEqual([['other', `0-Named/${name}`]]);
});
