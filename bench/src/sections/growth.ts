/** How the cost of a step grows: the MLP against batch and width, with our kernels. */
import { type Spread, spreadWithin } from '../measure.ts';
import { mlp, mlpFlops, type Size } from '../models.ts';
import { arm, enter } from '../places.ts';
import { gigaflops, milliseconds, type Result, Table } from '../section.ts';

const doubling = (from: number, to: number): number[] => (from > to ? [] : [from, ...doubling(2 * from, to)]);

export async function growth(quick: boolean): Promise<Result> {
  const base: Size = { batch: 128, inputs: 784, hidden: 512, outputs: 10 };
  const sizes: Size[] = quick
    ? [{ batch: 4, inputs: 16, hidden: 8, outputs: 2 }]
    : [
        ...doubling(16, 1024).map(batch => ({ ...base, batch })),
        ...doubling(64, 2048).map(hidden => ({ ...base, hidden })),
      ];
  const table = new Table('batch', 'width', 'ms per step', '95 % interval', 'µs per example', 'GFLOP/s');
  const rows: (Spread & { size: Size; flops: number })[] = [];
  await enter('kernels');
  for (const size of sizes) {
    const { run, dispose } = mlp('ours', size, { dropout: true, l2: true });
    for (let i = 0; i < (quick ? 1 : 5); i++) await run();
    const time = await spreadWithin(
      { sample: 0, budget: quick ? 1 : 1500, rounds: quick ? [3, 3] : [9, 101] },
      arm('kernels', run),
    );
    dispose();
    const flops = mlpFlops(size);
    rows.push({ size, flops, ...time });
    table.add(
      ...[`${size.batch}`, `${size.hidden}`, milliseconds(time.median)],
      `${milliseconds(time.low)}–${milliseconds(time.high)}`,
      ...[((1000 * time.median) / size.batch).toFixed(1), gigaflops(flops, time.median)],
    );
  }
  return { data: { rows }, markdown: `${table}` };
}
