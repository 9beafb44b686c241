/** A simple recurrent layer over a sequence: inputs x, w, u, bias?, h → h of all steps or of the last one. */
import type { Kernel } from '../kernel.ts';
import {
  carried,
  type ForwardAttrs,
  forward,
  given,
  isByStep,
  type SequenceAttrs,
  sizesOf,
  withRoom,
} from './sequence.ts';

export const simpleRNN: Kernel<ForwardAttrs> = (bound, inputs, { backwards, keep, all }) => {
  const [x, u, h0] = [given(inputs, 'x'), given(inputs, 'u'), given(inputs, 'h')];
  const { batch, steps, units } = sizesOf(x, u);
  const allH = keep || all;
  const h = bound.output([batch, allH ? steps : 1, units]);
  const whole = { n: units, k: units, at: bound.at(u), row: units, transpose: false };
  const sums = forward(bound, inputs, keep, [whole], [], ({ features, x, w, bias, z, packed: [packedU = 0] }) => {
    const { run, scratch } = bound;
    const to = [z, bound.at(h), allH, scratch] as const;
    run.simpleRNN(batch, steps, units, backwards, features, x, w, bias, packedU, bound.at(h0), ...to);
  });
  return sums ? [h, sums] : [h];
};

/** Of u, h, dy, and dh? by the last state → dz by the sums, dh by the first state. */
export const simpleRNNGrad: Kernel<SequenceAttrs> = (bound, inputs, { backwards }) => {
  const [u, h, dy] = [given(inputs, 'u'), given(inputs, 'h'), given(inputs, 'dy')];
  const sizes = sizesOf(h, u);
  const { batch, steps, units } = sizes;
  const dz = bound.output(h.shape);
  const dh = carried(bound, sizes, inputs.dh);
  withRoom(bound, [{ n: units, k: units, at: bound.at(u), row: units, transpose: true }], [], ([packedU = 0]) => {
    const of = [bound.at(h), bound.at(dy), isByStep(dy), packedU, bound.at(dh), bound.at(dz)] as const;
    bound.run.simpleRNNGradient(batch, steps, units, backwards, ...of, bound.scratch);
  });
  return [dz, dh];
};
