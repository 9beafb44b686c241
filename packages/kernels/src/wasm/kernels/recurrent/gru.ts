/** A GRU over a sequence, reset gate before the recurrent kernel: inputs x, w, u, bias?, h, mask?, drop? → h of all steps or of the last one, and all gates if kept. */
import type { Kernel } from '../kernel.ts';
import {
  carried,
  type ForwardAttrs,
  forward,
  given,
  isByStep,
  type Matrix,
  masksOf,
  type SequenceAttrs,
  sizesOf,
  withRoom,
} from './sequence.ts';

const GATES = 3;

/** U of the gates z and r, and U of the candidate. */
const partsOf = (u: number, units: number): [Matrix, Matrix] => {
  const row = GATES * units;
  return [
    { n: 2 * units, k: units, at: u, row, transpose: false },
    { n: units, k: units, at: u + 4 * 2 * units, row, transpose: false },
  ];
};
const turned = ({ n, k, ...rest }: Matrix): Matrix => ({ ...rest, n: k, k: n, transpose: true });

export const gru: Kernel<ForwardAttrs> = (bound, inputs, { hard, backwards, keep, all, dropsCarry = false }) => {
  const [x, u, h0] = [given(inputs, 'x'), given(inputs, 'u'), given(inputs, 'h')];
  const { batch, steps, units } = sizesOf(x, u);
  const allH = keep || all;
  const h = bound.output([batch, allH ? steps : 1, units]);
  const parts = partsOf(bound.at(u), units);
  const floats = [3 * batch * units];
  const gates = forward(bound, inputs, keep, parts, floats, ({ features, x, w, bias, z, packed, room }) => {
    const [ofGates = 0, ofCandidate = 0] = packed;
    const { run, scratch } = bound;
    const of = [
      features,
      x,
      w,
      bias,
      ofGates,
      ofCandidate,
      bound.at(h0),
      ...masksOf(bound, inputs),
      dropsCarry,
      z,
    ] as const;
    run.gru(batch, steps, units, backwards, hard, ...of, bound.at(h), allH, room[0] ?? 0, scratch);
  });
  return gates ? [h, gates] : [h];
};

/** Inputs u, h0, h, gates, dy, mask?, drop?, and dh? for the last state → dz for the gates, dh for the first state. */
export const gruGrad: Kernel<SequenceAttrs> = (bound, inputs, { hard, backwards, dropsCarry = false }) => {
  const [u, h0, h] = [given(inputs, 'u'), given(inputs, 'h0'), given(inputs, 'h')];
  const [gates, dy] = [given(inputs, 'gates'), given(inputs, 'dy')];
  const sizes = sizesOf(gates, u);
  const { batch, steps, units } = sizes;
  const dz = bound.output(gates.shape);
  const dh = carried(bound, sizes, inputs.dh);
  const matrices = partsOf(bound.at(u), units).map(turned);
  withRoom(bound, matrices, [3 * batch * units], ([ofGates = 0, ofCandidate = 0], [room = 0]) => {
    const { run, scratch } = bound;
    const states = [bound.at(gates), bound.at(h0), bound.at(h), ...masksOf(bound, inputs), dropsCarry] as const;
    const of = [...states, bound.at(dy), isByStep(dy), ofGates, ofCandidate] as const;
    run.gruGradient(batch, steps, units, backwards, hard, ...of, bound.at(dh), bound.at(dz), room, scratch);
  });
  return [dz, dh];
};
