/** Messages of this package. Each says what was expected, what was received, and what to do. */

export const onlyFloat = (kernel: string, dtype: string): string =>
  `@keepprob/kernels: ${kernel} on the wasm backend takes float32. Received: ${dtype}. Cast the tensor: \`x.toFloat()\`.`;
export const gradientShape = (kernel: string, dy: readonly number[], expected: readonly number[]): string =>
  `@keepprob/kernels: ${kernel} expects dy of the shape of the result, [${expected}]. Received: [${dy}].`;
export const einsumTwice = (equation: string): string =>
  `@keepprob/kernels: the result of einsum has each letter once. Received: '${equation}'.`;
export const einsumSizes = (equation: string, shapes: readonly (readonly number[])[]): string =>
  `@keepprob/kernels: einsum '${equation}' needs an axis for each letter, of one size wherever the letter stands. Received shapes: ${shapes.map(shape => `[${shape}]`).join(' and ')}.`;
export const noKernels = (backend: string, reason: string): string =>
  `install() of @keepprob/kernels/${backend}: ${reason} If stock kernels will do, or you call install() for several backends, pass { optional: true }.`;
export const untested = (tested: string, version: string): string =>
  `the kernels are tested with TensorFlow.js ${tested}x; this is ${version}.`;
export const noGradients =
  "TensorFlow.js has no gradients that ours could replace. Add `import '@tensorflow/tfjs'`, or '@tensorflow/tfjs-core/dist/register_all_gradients', before you call it.";
export const inactive = (backend: string, active: string, isRunning: boolean): string => {
  const call = `Call \`await tf.setBackend('${backend}')\` before install()`;
  const files =
    backend === 'wasm'
      ? ' With wasm, the usual reason is that its .wasm files were not found: serve them, and call setWasmPaths.'
      : '';
  return `TensorFlow.js computes on ${active}, where these kernels do nothing. ${isRunning ? `${call}.` : `The ${backend} backend is not running. ${call}, and check the result: false means that it could not be started.${files}`}`;
};
export const threadsForbidden = (): string =>
  'The wasm backend does not start: TensorFlow.js waits for its threads, which this page\'s Content-Security-Policy forbids. Allow `blob:` in script-src and worker-src, or call `tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false)` before `tf.setBackend("wasm")`.';
