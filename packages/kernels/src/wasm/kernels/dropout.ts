/** The dropout kernel of `@keepprob/core`: the mask is drawn during the pass and not stored. */
import type { DropoutKernelAttrs } from '@keepprob/core/kernels';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

/** Merges adjacent dimensions that are both noise or both broadcast: [size, stride in the noise]. */
export function collapse(shape: readonly number[], noise: readonly number[]): [size: number, stride: number][] {
  const groups: { size: number; own: boolean }[] = [];
  shape.forEach((size, i) => {
    if (size === 1) return;
    const own = noise[i] !== 1;
    const last = groups.at(-1);
    if (last?.own === own) last.size *= size;
    else groups.push({ size, own });
  });
  let stride = 1;
  return groups.reduceRight<[number, number][]>((done, { size, own }) => {
    done.unshift([size, own ? stride : 0]);
    if (own) stride *= size;
    return done;
  }, []);
}

/** Size and stride of a missing dimension. */
const ONE: readonly [size: number, stride: number] = [1, 0];

export const dropoutKernel: Kernel<DropoutKernelAttrs> = (bound, { x }, attrs) => {
  if (!x || !isFloat(x)) return undefined;
  const { noiseShape, first, seedLow, seedHigh, step, site, draw, threshold, scale } = attrs;
  const { run } = bound;
  const out = bound.output(x.shape);
  // works beyond 2³² elements too: the counter uses the block number modulo 2³²
  const [block, lane] = [Math.floor(first / 8) % 2 ** 32, first % 8];
  const [from, to, n, noise] = [bound.at(x), bound.at(out), sizeOf(x.shape), sizeOf(noiseShape)];
  // 16 bits never reach this threshold: everything is dropped
  if (threshold > 0xffff) {
    run.fill(to, n, 0);
    return out;
  }
  run.setDraw(step, site, draw, seedLow, seedHigh);
  if (noise === n) {
    bound.withBytes(run.dropoutBytes(), spare => run.dropout(from, to, n, block, lane, threshold, scale, spare));
    return out;
  }
  // noise that broadcasts is drawn once, as a mask of 0 and scale
  const own = run.dropoutBytes();
  bound.withBytes(4 * noise + own, spare => {
    const mask = spare + own;
    run.fill(mask, noise, 1);
    run.dropout(mask, mask, noise, block, lane, threshold, scale, spare);
    // the innermost loop is over the last dimension
    const groups = [ONE, ONE, ONE, ONE, ...collapse(x.shape, noiseShape)];
    const outer = groups.slice(0, -4);
    const [a = ONE, b = ONE, c = ONE, d = ONE] = groups.slice(-4);
    const sizes = [a[0], b[0], c[0], d[0]] as const;
    const strides = [a[1], b[1], c[1], d[1]] as const;
    const each = sizeOf(sizes);
    const places = outer.reduce<number[]>(
      (list, [size, stride]) => list.flatMap(at => Array.from({ length: size }, (_, i) => at + i * stride)),
      [0],
    );
    places.forEach((place, i) => {
      run.applyMask(from + 4 * i * each, to + 4 * i * each, mask + 4 * place, ...sizes, ...strides);
    });
  });
  return out;
};
