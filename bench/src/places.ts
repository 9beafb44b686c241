/** Where work is done: on wasm with our kernels, with or without our gradients, on wasm as it comes, and on the cpu backend. */
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { Arm, Work } from './measure.ts';

export type Place = 'kernels' | 'kernelsAlone' | 'wasm' | 'cpu';

/** What may be registered: kernels of wasm, gradients, and how the layers compute that have gradients of their own. */
interface Registered {
  readonly kernels: ReadonlyMap<string, tf.KernelConfig>;
  readonly gradients: ReadonlyMap<string, tf.GradConfig>;
  readonly calls: ReadonlyMap<tf.layers.Layer, tf.layers.Layer['call']>;
}

const prototypes: readonly tf.layers.Layer[] = [tf.layers.batchNormalization({}), tf.layers.layerNormalization({})].map(
  layer => Object.getPrototypeOf(layer),
);
const kernelsNow = (): Registered['kernels'] => new Map(tf.getKernelsForBackend('wasm').map(k => [k.kernelName, k]));
const gradientsOf = (names: readonly string[]): Registered['gradients'] =>
  new Map(names.map(name => [name, tf.getGradient(name)] as const).filter(([, config]) => config));
const callsNow = (): Registered['calls'] => new Map(prototypes.map(prototype => [prototype, prototype.call]));
const all = Object.values(tf).filter(name => typeof name === 'string');

// Installing anew between two timings would check, bind and allocate anew (ms); two sets of entries change hands in µs.
await tf.setBackend('wasm');
const before = { kernels: kernelsNow(), gradients: gradientsOf(all), calls: callsNow() };
const report = await install();
if (!report.installed) throw new Error(`The kernels are not installed: ${report.reason}`);
const kernels = new Map([...kernelsNow()].filter(([name, config]) => before.kernels.get(name) !== config));
const ours: Registered = { kernels, gradients: gradientsOf(report.gradients), calls: callsNow() };
const stock: Registered = {
  kernels: new Map([...before.kernels].filter(([name]) => kernels.has(name))),
  gradients: new Map([...before.gradients].filter(([name]) => ours.gradients.has(name))),
  calls: before.calls,
};
const registeredAt: Readonly<Record<Place, Registered>> = {
  kernels: ours,
  kernelsAlone: { ...stock, kernels },
  wasm: stock,
  cpu: stock,
};
let now = ours;

/** SIMD, or relaxed SIMD. */
export const build = report.build;

function swapTo(next: Registered): void {
  if (next.kernels !== now.kernels) {
    for (const name of now.kernels.keys()) tf.unregisterKernel(name, 'wasm');
    for (const config of next.kernels.values()) tf.registerKernel(config);
  }
  if (next.gradients !== now.gradients) {
    for (const name of now.gradients.keys()) tf.unregisterGradient(name);
    for (const config of next.gradients.values()) tf.registerGradient(config);
    for (const [prototype, call] of next.calls) prototype.call = call;
  }
  now = next;
}

export async function enter(place: Place): Promise<void> {
  swapTo(registeredAt[place]);
  const backend = place === 'cpu' ? 'cpu' : 'wasm';
  if (tf.getBackend() !== backend) await tf.setBackend(backend);
}

export const arm = (place: Place, work: Work): Arm => ({ work, enter: () => enter(place) });
