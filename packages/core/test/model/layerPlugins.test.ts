import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { defineLayer } from '../../src/layers.ts';
import { upstream } from '../../src/model/layerPlugins.ts';

const plugin = () => defineLayer<object>({ name: 'plugin', className: 'TestPlugin', options: {}, forward: x => x })({});

test('the site of a layer in no run counts the plugins on the way to its first call', () => {
  const [first, second, third] = [plugin(), plugin(), plugin()];
  const input = tf.input({ shape: [4] });
  const dense = tf.layers.dense({ units: 4 });
  // dense was called before, with no plugin in front of it
  dense.apply(input);
  const dropped = second.apply(dense.apply(first.apply(input))) as tf.SymbolicTensor;
  third.apply(tf.layers.add().apply([dropped, first.apply(dropped)] as tf.SymbolicTensor[]));
  expect([first, second, third].map(upstream)).toEqual([0, 1, 2]);
  // a later call changes nothing
  first.apply(dropped);
  expect([first, second, third].map(upstream)).toEqual([0, 1, 2]);
});
