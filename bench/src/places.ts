/** Where work is done: on wasm with our kernels, with or without our gradients, on wasm as it comes, and on the cpu backend. */
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import type { Arm, Work } from './measure.ts';

export type Place = 'kernels' | 'kernelsAlone' | 'wasm' | 'cpu';

/** What may be registered: kernels of wasm, gradients, and how the classes compute that have gradients of their own. */
interface Registered {
  readonly kernels: ReadonlyMap<string, tf.KernelConfig>;
  readonly gradients: ReadonlyMap<string, tf.GradConfig>;
  readonly methods: readonly { readonly prototype: object; readonly name: string; readonly value: unknown }[];
}

const kernelsNow = (): Registered['kernels'] => new Map(tf.getKernelsForBackend('wasm').map(k => [k.kernelName, k]));
const gradientsOf = (names: readonly string[]): Registered['gradients'] =>
  new Map(names.map(name => [name, tf.getGradient(name)] as const).filter(([, config]) => config));
/** The methods in which layers and activations compute. */
const methodsNow = (): Registered['methods'] =>
  Object.values(tf.serialization.SerializationMap.getMap().classNameMap)
    // convolutions compute in the class that they extend
    .flatMap(([{ prototype }]) => [prototype as object, Object.getPrototypeOf(prototype) as object])
    .flatMap(prototype =>
      ['call', 'apply', 'compile'].flatMap(name => {
        const own = Object.getOwnPropertyDescriptor(prototype, name);
        return own ? [{ prototype, name, value: own.value }] : [];
      }),
    );
const all = Object.values(tf).filter(name => typeof name === 'string');

// Installing anew between two timings would check, bind and allocate anew (ms); two sets of entries change hands in µs.
await tf.setBackend('wasm');
const before = { kernels: kernelsNow(), gradients: gradientsOf(all), methods: methodsNow() };
const report = await install();
if (!report.installed) throw new Error(`The kernels are not installed: ${report.reason}`);
const kernels = new Map([...kernelsNow()].filter(([name, config]) => before.kernels.get(name) !== config));
const ours: Registered = { kernels, gradients: gradientsOf(report.gradients), methods: methodsNow() };
const stock: Registered = {
  kernels: new Map([...before.kernels].filter(([name]) => kernels.has(name))),
  gradients: new Map([...before.gradients].filter(([name]) => ours.gradients.has(name))),
  methods: before.methods,
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
    for (const { prototype, name, value } of next.methods) Object.assign(prototype, { [name]: value });
  }
  now = next;
}

export async function enter(place: Place): Promise<void> {
  swapTo(registeredAt[place]);
  const backend = place === 'cpu' ? 'cpu' : 'wasm';
  if (tf.getBackend() !== backend) await tf.setBackend(backend);
}

export const arm = (place: Place, work: Work): Arm => ({ work, enter: () => enter(place) });
