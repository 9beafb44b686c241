/** TF.js' own specs of products, convolutions and sums by index, where most of our kernels are; specs.long.test.ts runs all. */
import { expect, it } from 'vitest';
import { compareSpecs } from '../specs/compare.mjs';

it('breaks none of the specs of TF.js that wasm passes, and mends many that it fails', async () => {
  const { stock, ours, regressed, mended } = await compareSpecs(
    'matMul|[cC]onv|gather|SegmentSum|[sS]oftmax|Optimizer',
  );
  expect(regressed).toEqual([]);
  expect(stock.passed + stock.failed).toBeGreaterThanOrEqual(300);
  expect(ours.passed + ours.failed).toBe(stock.passed + stock.failed);
  expect(mended.length).toBeGreaterThanOrEqual(50);
});
