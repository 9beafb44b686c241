import type { Checkpoint } from '../../src/checkpoint/parts.ts';

/** Numbers that only the checkpoint of this step has. */
export const payloadOf = (step: number, size: number): Float32Array => new Float32Array(size).fill(step);

export const checkpointOf = (step: number, size: number): Checkpoint => {
  const data = payloadOf(step, size);
  return {
    manifest: {
      versions: { format: 1, mask: 1, tfjs: '4.22.0' },
      seed: 1,
      layers: {},
      wiring: {},
      weights: {},
      optimizer: { SGD: {} },
      plugins: [],
      objective: null,
      data: null,
      step,
      epoch: 0,
      stepInEpoch: step,
      history: {},
      logs: {},
      averages: null,
      stopped: null,
      optimizerNow: { SGD: {} },
      optimizerValues: null,
      pluginValues: null,
    },
    tensors: { w: { dtype: 'float32', shape: [data.length], data } },
  };
};
