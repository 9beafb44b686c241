/**
 * Replaces the weights of a layer while it is called. A marked seam: read in tfjs-layers 4.22, where every layer and every recurrent cell gets its
 * weights from `LayerVariable.read()` at each call.
 */
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';

/**
 * Runs `f`, in which reading one of these variables returns its replacement. The variables are restored afterwards, even after an error. In nested calls,
 * the innermost value counts.
 */
export function standIn<T>(values: ReadonlyMap<LayerVariable, Tensor>, f: () => T): T {
  const before = [...values.keys()].map(
    variable => [variable, Object.getOwnPropertyDescriptor(variable, 'read')] as const,
  );
  try {
    for (const [variable, value] of values)
      Object.defineProperty(variable, 'read', { value: () => value, configurable: true });
    return f();
  } finally {
    for (const [variable, read] of before) {
      if (read) Object.defineProperty(variable, 'read', read);
      else delete (variable as { read?: unknown }).read;
    }
  }
}
