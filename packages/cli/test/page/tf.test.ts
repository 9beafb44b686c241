/** Which TensorFlow.js a page without a bundler uses. */
import * as tf from '@tensorflow/tfjs';
import { afterEach, expect, test } from 'vitest';
import { type Copy, take } from '../../src/page/tf.ts';

const TAKEN = Symbol.for('keepprob.tf');
afterEach(() => {
  Reflect.deleteProperty(globalThis, TAKEN);
});

/** Loaded after the first: the engine that all share has the environment of that. */
class Environment {}
const second: Copy = { Environment, engine: tf.engine };

test('the copy that there is, under whatever names it is found, and again in another file', () => {
  take(undefined, tf);
  take({ ...tf }, tf);
  expect(Reflect.get(globalThis, TAKEN)).toMatchObject({ Environment: tf.Environment });
});

test.each<[string, readonly (Copy | undefined)[], RegExp]>([
  ['none', [undefined, undefined], /found no TensorFlow\.js\. Load it first: <script/],
  ['two', [second, tf], /two copies of TensorFlow\.js.*Load it once/],
  ['one that another was before', [second], /two copies of TensorFlow\.js/],
])('%s is an error that says what to do, and nothing is taken', (_, found, message) => {
  expect(() => take(...found)).toThrow(message);
  expect(Reflect.get(globalThis, TAKEN)).toBeUndefined();
});

test('a file that takes another copy than the file before it is an error', () => {
  take(tf);
  expect(() => take(second)).toThrow(/two copies/);
});
