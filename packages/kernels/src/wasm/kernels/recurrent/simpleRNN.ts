/** A simple recurrent layer over a sequence: inputs x, w, u, bias?, h, mask?, drop? → h of all steps or of the last one. */
import type { Kernel } from '../kernel.ts';
import {
  carried,
  type ForwardAttrs,
  forward,
  given,
  isByStep,
  masksOf,
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
  const floats = [2 * batch * units];
  const sums = forward(bound, inputs, keep, [whole], floats, ({ features, x, w, bias, z, packed, room }) => {
    const { run, scratch } = bound;
    const of = [features, x, w, bias, packed[0] ?? 0, bound.at(h0), ...masksOf(bound, inputs)] as const;
    run.simpleRNN(batch, steps, units, backwards, ...of, z, bound.at(h), allH, room[0] ?? 0, scratch);
  });
  return sums ? [h, sums] : [h];
};

/** Inputs u, h, dy, mask?, drop?, and dh? for the last state → dz for the sums, dh for the first state. */
export const simpleRNNGrad: Kernel<SequenceAttrs> = (bound, inputs, { backwards }) => {
  const [u, h, dy] = [given(inputs, 'u'), given(inputs, 'h'), given(inputs, 'dy')];
  const sizes = sizesOf(h, u);
  const { batch, steps, units } = sizes;
  const dz = bound.output(h.shape);
  const dh = carried(bound, sizes, inputs.dh);
  const turned = { n: units, k: units, at: bound.at(u), row: units, transpose: true };
  withRoom(bound, [turned], [batch * units], ([packedU = 0], [room = 0]) => {
    const of = [bound.at(h), ...masksOf(bound, inputs), bound.at(dy), isByStep(dy), packedU] as const;
    bound.run.simpleRNNGradient(batch, steps, units, backwards, ...of, bound.at(dh), bound.at(dz), room, bound.scratch);
  });
  return [dz, dh];
};
