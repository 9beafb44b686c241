/**
 * A GRU over a sequence, with the reset gate after the recurrent kernel: inputs x, w, u, bias?, ownBias?, h, mask?, drop? → h of all steps or of the last one,
 * and, if they are kept, the values to which the candidate's reset gate is applied, and the gates, of all steps.
 */
import type { Kernel } from '../kernel.ts';
import {
  carried,
  type ForwardAttrs,
  forward,
  given,
  isByStep,
  masksOf,
  place,
  type SequenceAttrs,
  sizesOf,
  withRoom,
} from './sequence.ts';

const GATES = 3;

export const resetAfterGRU: Kernel<ForwardAttrs> = (bound, inputs, { hard, backwards, keep, all }) => {
  const [x, u, h0] = [given(inputs, 'x'), given(inputs, 'u'), given(inputs, 'h')];
  const { batch, steps, units } = sizesOf(x, u);
  const n = GATES * units;
  const allH = keep || all;
  const h = bound.output([batch, allH ? steps : 1, units]);
  const inner = keep ? bound.output([batch, steps, units]) : undefined;
  const whole = { n, k: units, at: bound.at(u), row: n, transpose: false };
  const floats = [(GATES + 2) * batch * units];
  const gates = forward(bound, inputs, keep, [whole], floats, ({ features, x, w, bias, z, packed, room }) => {
    const own = place(bound, inputs.ownBias);
    const of = [features, x, w, bias, own, packed[0] ?? 0, bound.at(h0), ...masksOf(bound, inputs), z] as const;
    const { run, scratch } = bound;
    const to = [bound.at(h), allH, place(bound, inner), room[0] ?? 0, scratch] as const;
    run.resetAfterGRU(batch, steps, units, backwards, hard, ...of, ...to);
  });
  return gates && inner ? [h, inner, gates] : [h];
};

/** Inputs u, h0, h, inner, gates, dy, mask?, drop?, and dh? for the last state → dz for x W + b, dh for the first state, da for h U + b′. */
export const resetAfterGRUGrad: Kernel<SequenceAttrs> = (bound, inputs, { hard, backwards }) => {
  const [u, h0, h] = [given(inputs, 'u'), given(inputs, 'h0'), given(inputs, 'h')];
  const [inner, gates, dy] = [given(inputs, 'inner'), given(inputs, 'gates'), given(inputs, 'dy')];
  const sizes = sizesOf(gates, u);
  const { batch, steps, units } = sizes;
  const [dz, da] = [bound.output(gates.shape), bound.output(gates.shape)];
  const dh = carried(bound, sizes, inputs.dh);
  const n = GATES * units;
  const turned = { n: units, k: n, at: bound.at(u), row: n, transpose: true };
  withRoom(bound, [turned], [batch * units], ([packedU = 0], [room = 0]) => {
    const states = [bound.at(gates), bound.at(inner), bound.at(h0), bound.at(h), ...masksOf(bound, inputs)] as const;
    const of = [...states, bound.at(dy), isByStep(dy), packedU] as const;
    const to = [bound.at(dh), bound.at(dz), bound.at(da), room, bound.scratch] as const;
    bound.run.resetAfterGRUGradient(batch, steps, units, backwards, hard, ...of, ...to);
  });
  return [dz, dh, da];
};
