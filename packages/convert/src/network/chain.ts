import type { Call } from '@keepprob/core/driver';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Whether each call takes the result of the one before, and no layer is called twice. */
export function isChain(model: LayersModel, calls: readonly Call[]): boolean {
  if (model.inputs.length !== 1 || model.outputs.length !== 1 || !calls.length) return false;
  if (new Set(calls.map(({ layer }) => layer)).size < calls.length) return false;
  if (calls.at(-1)?.outputs[0] !== model.outputs[0]) return false;
  return calls.every(({ inputs, outputs }, i) => {
    const before = i === 0 ? model.inputs : (calls[i - 1]?.outputs ?? []);
    return inputs.length === 1 && outputs.length === 1 && inputs[0] === before[0];
  });
}
