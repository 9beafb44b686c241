/** Which kernels read what a layer gives out: read from the graph that TF.js keeps, `outboundNodes`. */
import { isModel } from '@keepprob/core/driver';
import type { Layer } from '@keepprob/core/layers';
import type { LayerVariable } from '@tensorflow/tfjs-layers';

/** The matrix that a layer puts its input through; a recurrent layer has another one for its state. */
const reading = /(^|\/)(depthwise_)?kernel$/;

/** The kernels of the layers that `layer` feeds: of each the next one downstream, through layers without a kernel and into nested models. */
export function kernelsBehind(layer: Layer): LayerVariable[] {
  const found = new Set<LayerVariable>();
  const seen = new Set<Layer>();
  const follow = (from: Layer): void => {
    for (const { outboundLayer: next } of from.outboundNodes) {
      if (seen.has(next)) continue;
      seen.add(next);
      if (isModel(next)) {
        for (const input of next.inputs) follow(input.sourceLayer);
        continue;
      }
      const kernels = next.weights.filter(weight => reading.test(weight.originalName));
      for (const kernel of kernels) found.add(kernel);
      if (kernels.length === 0) follow(next);
    }
  };
  follow(layer);
  return [...found];
}
