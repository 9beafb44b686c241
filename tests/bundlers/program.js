/** What a user writes, and what must come out of it. The same in every bundler, in Node and in a worker; throws where anything is wrong. */
import { counterDropout, keepBits, keepScale } from '@keepprob/core/random';
import { install, uninstall } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

const close = (what, tensor, expected) => {
  const values = [...tensor.dataSync()];
  const good = values.length === expected.length && values.every((value, i) => Math.abs(value - expected[i]) < 1e-5);
  if (!good) throw new Error(`${what}: ${values.slice(0, 100)}, not ${expected.slice(0, 100)}`);
};

/** L = Σ c ⊙ (a · b), so dL/da = c · bᵀ and dL/db = aᵀ · c. */
function product() {
  const a = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  const b = tf.tensor2d([1, 0, 2, 1, -1, 3], [3, 2]);
  const c = tf.tensor2d([1, -1, 2, 0.5], [2, 2]);
  const { value, grads } = tf.valueAndGrads((x, y) => tf.sum(tf.mul(c, tf.matMul(x, y))))([a, b]);
  close('matMul', value, [2 - 11 + 16 + 11.5]);
  close('gradient of matMul by a', grads[0], [1, 1, -4, 2, 4.5, -0.5]);
  close('gradient of matMul by b', grads[1], [9, 1, 12, 0.5, 15, 0]);
}

/** Large enough to be shared between threads; of whole numbers, so that every order of adding gives the same. */
function largeProduct() {
  const [m, k, n] = [300, 400, 200];
  const value = i => ((i * 7) % 11) - 5;
  const a = Float32Array.from({ length: m * k }, (_, i) => value(i));
  const b = Float32Array.from({ length: k * n }, (_, i) => value(i + 3));
  const expected = new Float32Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) for (let j = 0; j < n; j++) expected[i * n + j] += a[i * k + l] * b[l * n + j];
  }
  close('large matMul', tf.matMul(tf.tensor2d(a, [m, k]), tf.tensor2d(b, [k, n])), expected);
}

/** L = Σ conv(x, f): df is the sum of x under each place of the filter, dx what each pixel was multiplied by. */
function convolution() {
  const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
  const f = tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]);
  const [dx, df] = tf.grads((image, filter) => tf.sum(tf.conv2d(image, filter, 1, 'valid')))([x, f]);
  close('gradient of conv2d by the filter', df, [12, 16, 24, 28]);
  close('gradient of conv2d by the image', dx, [1, 3, 2, 4, 10, 6, 3, 7, 4]);
}

/** The kernel is found by core, and draws the mask that core draws; x is multiplied by 2 where it is kept. */
export async function dropout() {
  const shape = [3, 17];
  const draw = {
    keepProb: 0.5,
    noiseShape: shape,
    key: { seed: 2 ** 40 + 7, step: 3, site: 2, draw: 1 },
    rows: [0, 3],
  };
  const scale = keepScale(0.5);
  const bits = keepBits(shape, 0.5, draw.key, draw.rows);
  const x = tf.reshape(tf.range(1, 52), shape);
  const { kernels } = await tf.profile(() => {
    const { value, grad } = tf.valueAndGrad(input => counterDropout(input, draw))(x);
    close(
      'dropout',
      value,
      [...bits].map((bit, i) => (bit ? (i + 1) * scale : 0)),
    );
    close(
      'gradient of dropout',
      grad,
      [...bits].map(bit => (bit ? scale : 0)),
    );
    return value;
  });
  const names = kernels.map(({ name }) => name);
  if (!names.includes('KeepprobDropout.1')) throw new Error(`dropout ran as ${names}`);
}

/** Stock WASM has no gradient of a convolution. */
function lacksConvolution() {
  let message = 'nothing was thrown';
  try {
    convolution();
  } catch (error) {
    message = error.message;
  }
  if (!message.includes("'Conv2DBackpropFilter' not registered")) throw new Error(`stock conv2d: ${message}`);
}

/** What the kernels must give. */
export async function check() {
  product();
  largeProduct();
  convolution();
  await dropout();
  if (tf.getBackend() !== 'wasm') throw new Error(`the backend became ${tf.getBackend()}`);
}

/** Installs until all threads are there: `install` does not wait for long, and a busy machine may start them later. */
export async function installed(options = {}) {
  for (;;) {
    const report = await install(options);
    if (!(report.threads < options.threads) || report.reason) return report;
    uninstall();
  }
}

/**
 * @param paths where TF.js finds its own binaries; in Node it knows
 * @param options of `install`
 * @returns the report of `install`
 */
export async function program(paths, options) {
  if (paths) setWasmPaths(paths);
  if (!(await tf.setBackend('wasm'))) throw new Error('no wasm backend');
  product();
  lacksConvolution();

  const report = await installed(options);
  if (!report.installed) throw new Error(JSON.stringify(report));
  await check();

  uninstall();
  product();
  lacksConvolution();
  return report;
}

/** TF.js takes its build without threads. */
export const oneThread = () => tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);

/** Installs while the backend is starting, which may take for ever. */
export async function whileStarting(paths, options) {
  setWasmPaths(paths);
  void tf.setBackend('wasm');
  const report = await installed(options);
  await check();
  return report;
}
