/** Where work is done: on wasm with our kernels, on wasm without, or on the cpu backend. */
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { Arm, Work } from './measure.ts';

export type Place = 'kernels' | 'wasm' | 'cpu';

type Kernels = Map<string, tf.KernelConfig>;
const registered = (): Kernels => new Map(tf.getKernelsForBackend('wasm').map(k => [k.kernelName, k]));

// Installing anew between two timings would check, bind and allocate anew (ms); two sets of entries change hands in µs.
await tf.setBackend('wasm');
const before = registered();
const report = await install();
if (!report.installed) throw new Error(`The kernels are not installed: ${report.reason}`);
const ours: Kernels = new Map([...registered()].filter(([name, config]) => before.get(name) !== config));
const stock: Kernels = new Map([...before].filter(([name]) => ours.has(name)));
let now = ours;

/** SIMD, or relaxed SIMD. */
export const build = report.build;

function swapTo(next: Kernels): void {
  if (next === now) return;
  for (const name of now.keys()) tf.unregisterKernel(name, 'wasm');
  for (const config of next.values()) tf.registerKernel(config);
  now = next;
}

export async function enter(place: Place): Promise<void> {
  swapTo(place === 'kernels' ? ours : stock);
  const backend = place === 'cpu' ? 'cpu' : 'wasm';
  if (tf.getBackend() !== backend) await tf.setBackend(backend);
}

export const arm = (place: Place, work: Work): Arm => ({ work, enter: () => enter(place) });
