/** A GRU over a sequence, its reset gate before the recurrent kernel: inputs x, w, u, bias?, h → h of all steps or of the last one, and the gates of all where they are kept. */
import type { Bound } from '../../backend/module.ts';
import type { Kernel } from '../kernel.ts';
import type { Matrix } from './sequence.ts';
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

export const gru: Kernel<ForwardAttrs> = (bound: Bound, inputs, { hard, backwards, keep, all }) => {
  const [x, u, h0] = ['x', 'u', 'h'].map(name => given(inputs, name));
  if (!x || !u || !h0) return undefined;
  const { batch, steps, units } = sizesOf(x, u);
  const allH = keep || all;
  const h = bound.output([batch, allH ? steps : 1, units]);
  const parts = partsOf(bound.at(u), units);
  const gates = forward(bound, inputs, keep, parts, [batch * units], ({ features, x, w, bias, z, packed, room }) => {
    const [ofGates = 0, ofCandidate = 0] = packed;
    const [seen = 0] = room;
    const { run, scratch } = bound;
    const of = [features, x, w, bias, ofGates, ofCandidate, bound.at(h0), z] as const;
    run.gru(batch, steps, units, backwards, hard, ...of, bound.at(h), allH, seen, scratch);
  });
  return gates ? [h, gates] : [h];
};

/** Of u, h0, h, gates, dy, and dh? by the last state → dz by the gates, dh by the first state. */
export const gruGrad: Kernel<SequenceAttrs> = (bound, inputs, { hard, backwards }) => {
  const [u, h0, h, gates, dy] = ['u', 'h0', 'h', 'gates', 'dy'].map(name => given(inputs, name));
  if (!u || !h0 || !h || !gates || !dy) return undefined;
  const sizes = sizesOf(gates, u);
  const { batch, steps, units } = sizes;
  const dz = bound.output(gates.shape);
  const dh = carried(bound, sizes, inputs.dh);
  withRoom(
    bound,
    partsOf(bound.at(u), units).map(turned),
    [batch * units],
    ([ofGates = 0, ofCandidate = 0], [seen = 0]) => {
      const [z, before, after, from] = [gates, h0, h, dy].map(t => bound.at(t)) as [number, number, number, number];
      const { run, scratch } = bound;
      const of = [z, before, after, from, isByStep(dy), ofGates, ofCandidate] as const;
      run.gruGradient(batch, steps, units, backwards, hard, ...of, bound.at(dh), bound.at(dz), seen, scratch);
    },
  );
  return [dz, dh];
};
