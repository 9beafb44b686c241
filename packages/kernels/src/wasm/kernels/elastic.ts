/** The penalties λ₁ Σ |u| + λ₂ Σ u², u = x − x₀. */
import type { Bound } from '../backend/module.ts';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

interface ElasticAttrs {
  readonly l1: number;
  readonly l2: number;
}

const scalar = (bound: Bound, at: number): Float32Array => new Float32Array(bound.memory.buffer, at >>> 0, 1);

/** The penalty of x0, x1, … with optional start0, start1, …; added up in double precision. */
export const elastic: Kernel<ElasticAttrs> = (bound, inputs, { l1, l2 }) => {
  let value = 0;
  for (let i = 0; inputs[`x${i}`]; i++) {
    const [x, start] = [inputs[`x${i}`], inputs[`start${i}`]];
    if (!x || !isFloat(x, start)) return undefined;
    value += bound.run.elastic(bound.at(x), start ? bound.at(start) : 0, sizeOf(x.shape), l1, l2);
  }
  const out = bound.output([]);
  scalar(bound, bound.at(out))[0] = value;
  return out;
};

export const elasticGrad: Kernel<ElasticAttrs> = (bound, { x, start, dy }, { l1, l2 }) => {
  if (!x || !dy || !isFloat(x, start, dy)) return undefined;
  const dx = bound.output(x.shape);
  const [times = 0] = scalar(bound, bound.at(dy));
  const from = start ? bound.at(start) : 0;
  bound.run.elasticGradient(bound.at(x), from, bound.at(dx), sizeOf(x.shape), times * l1, times * 2 * l2);
  return dx;
};
