/** Registers our gradients in place of the stock ones, once, as long as one of the entry points needs them. */
import * as tf from '@tensorflow/tfjs-core';
import * as messages from '../messages.ts';
import { configOf } from './gradient.ts';
import { everywhere, isMarked, mark, standIn, standing } from './layerClasses.ts';
import { better, missing } from './table.ts';

const TESTED = '4.22.';

/** The reason why nothing is installed with this version of TF.js, if any. */
export const whyUntested = (): string | undefined =>
  tf.version_core.startsWith(TESTED) ? undefined : messages.untested(TESTED, tf.version_core);

/** The installed names in TF.js, including those installed by another copy of this package. */
export interface Installed {
  /** Kernels whose gradients are ours. */
  readonly gradients: readonly string[];
  /** Layers and activations that are one operation with one gradient. */
  readonly layers: readonly string[];
}

const holders = new Set<string>();
/** Functions that uninstall each of ours, in the order of installation. */
const gradients = new Map<string, () => void>();
const layers = new Map<string, () => void>();

/** Registers everything that is not registered yet: more layer classes may have been imported since the last call. */
export function hold(holder: string): Installed {
  const canReplace = better.some(({ kernelName }) => tf.getGradient(kernelName));
  if (!canReplace || whyUntested() !== undefined) return { gradients: [], layers: [] };
  holders.add(holder);
  for (const gradient of better) {
    const stock: tf.GradConfig | undefined = tf.getGradient(gradient.kernelName);
    if (!stock || isMarked(stock)) continue;
    put(configOf(gradient, stock), stock);
  }
  for (const gradient of missing) if (!tf.getGradient(gradient.kernelName)) put({ ...gradient });
  for (const [name, takeOut] of standIn(everywhere)) layers.set(name, takeOut);
  const names = [...better, ...missing].map(({ kernelName }) => kernelName);
  return { gradients: names.filter(name => isMarked(tf.getGradient(name))), layers: standing(everywhere) };
}

function put(ours: tf.GradConfig, stock?: tf.GradConfig): void {
  const { kernelName } = ours;
  tf.registerGradient(Object.assign(ours, { [mark]: true }));
  gradients.set(kernelName, () => {
    // a gradient that was registered after ours stays
    if (tf.getGradient(kernelName) !== ours) return;
    if (stock) tf.registerGradient(stock);
    else tf.unregisterGradient(kernelName);
  });
}

/** Restores the stock ones when ours are no longer needed. */
export function release(holder: string): void {
  holders.delete(holder);
  if (holders.size > 0) return;
  for (const installed of [gradients, layers]) {
    for (const takeOut of installed.values()) takeOut();
    installed.clear();
  }
}
