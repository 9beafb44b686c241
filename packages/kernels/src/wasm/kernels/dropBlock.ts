/** DropBlock: the positions of its blocks are drawn as in dropout, and not stored. */
import type { DropBlockKernelAttrs } from '@keepprob/core/kernels';
import { isFloat, type Kernel } from './kernel.ts';

export const dropBlock: Kernel<DropBlockKernelAttrs> = (bound, { x }, attrs) => {
  const { blockSize, channelsLast, first, threshold, seedLow, seedHigh, step, site, draw } = attrs;
  const [samples = 0, a = 0, b = 0, c = 0] = x?.shape ?? [];
  if (x?.shape.length !== 4 || !isFloat(x)) return undefined;
  const [maps, h, w, pixel] = channelsLast ? ([1, a, b, c] as const) : ([a, b, c, 1] as const);
  const places = samples * maps * (h - blockSize + 1) * (w - blockSize + 1) * pixel;
  const { run } = bound;
  const y = bound.output(x.shape);
  const [from, to, own] = [bound.at(x), bound.at(y), run.dropoutBytes()];
  run.setDraw(step, site, draw, seedLow, seedHigh);
  bound.withBytes(own + 4 * places + maps * h * w * pixel, spare => {
    const drawn = spare + own;
    run.fill(drawn, places, 1);
    // 16 bits never reach this threshold: everything is dropped
    if (threshold > 0xffff) run.fill(drawn, places, 0);
    else run.dropout(drawn, drawn, places, Math.floor(first / 8) % 2 ** 32, first % 8, threshold, 1, spare);
    run.dropBlock(from, to, drawn, samples, maps, h, w, pixel, blockSize, drawn + 4 * places);
  });
  return y;
};
