/** TF.js' own specs of operators, gradients and optimizers: our kernels break none that the wasm backend passes, and mend some that it fails. */
import { expect, it } from 'vitest';
import { compareSpecs, leastMended } from '../../specs/compare.mjs';

it('breaks none of the specs of TF.js that wasm passes, and mends many that it fails', async () => {
  const { stock, ours, regressed, mended } = await compareSpecs();
  expect(regressed).toEqual([]);
  expect(stock.passed + stock.failed).toBeGreaterThanOrEqual(2900);
  expect(ours.passed + ours.failed).toBe(stock.passed + stock.failed);
  expect(mended.length).toBeGreaterThanOrEqual(leastMended);
});

it('with our gradients alone, on cpu, breaks none of them', async () => {
  const { stock, ours, regressed } = await compareSpecs('', 'cpu');
  expect(regressed).toEqual([]);
  expect(stock.passed).toBeGreaterThanOrEqual(3800);
  expect(ours.passed).toBeGreaterThanOrEqual(stock.passed);
});
