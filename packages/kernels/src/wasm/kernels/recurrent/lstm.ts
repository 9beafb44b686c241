/** An LSTM over a sequence: inputs x, w, u, bias?, h, c, mask?, drop? → h, c of all steps or of the last one, and all gates if they are kept. */
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

const GATES = 4;

export const lstm: Kernel<ForwardAttrs> = (bound, inputs, { hard, backwards, keep, all }) => {
  const [x, u, h0, c0] = [given(inputs, 'x'), given(inputs, 'u'), given(inputs, 'h'), given(inputs, 'c')];
  const { batch, steps, units } = sizesOf(x, u);
  const n = GATES * units;
  const allH = keep || all;
  const [h, c] = [bound.output([batch, allH ? steps : 1, units]), bound.output([batch, keep ? steps : 1, units])];
  const whole = { n, k: units, at: bound.at(u), row: n, transpose: false };
  const floats = [3 * batch * units];
  const gates = forward(bound, inputs, keep, [whole], floats, ({ features, x, w, bias, z, packed, room }) => {
    const states = [bound.at(h0), bound.at(c0), ...masksOf(bound, inputs)] as const;
    const of = [features, x, w, bias, packed[0] ?? 0, ...states, z] as const;
    const { run, scratch } = bound;
    run.lstm(batch, steps, units, backwards, hard, ...of, bound.at(h), allH, bound.at(c), room[0] ?? 0, scratch);
  });
  return gates ? [h, c, gates] : [h, c];
};

/** Inputs u, c0, c, gates, dy, mask?, drop?, and dh?, dc? for the last states → dz for the gates, dh and dc for the first states. */
export const lstmGrad: Kernel<SequenceAttrs> = (bound, inputs, { hard, backwards }) => {
  const [u, c0, c] = [given(inputs, 'u'), given(inputs, 'c0'), given(inputs, 'c')];
  const [gates, dy] = [given(inputs, 'gates'), given(inputs, 'dy')];
  const sizes = sizesOf(gates, u);
  const { batch, steps, units } = sizes;
  const dz = bound.output(gates.shape);
  const [dh, dc] = [carried(bound, sizes, inputs.dh), carried(bound, sizes, inputs.dc)];
  const n = GATES * units;
  const turned = { n: units, k: n, at: bound.at(u), row: n, transpose: true };
  withRoom(bound, [turned], [2 * batch * units], ([packedU = 0], [room = 0]) => {
    const [toH, toC, toZ] = [bound.at(dh), bound.at(dc), bound.at(dz)];
    const { run, scratch } = bound;
    const states = [bound.at(gates), bound.at(c0), bound.at(c), ...masksOf(bound, inputs)] as const;
    const of = [...states, bound.at(dy), isByStep(dy), packedU] as const;
    run.lstmGradient(batch, steps, units, backwards, hard, ...of, toH, toC, toZ, room, scratch);
  });
  return [dz, dh, dc];
};
