/** Regularizers without our kernels: the plugins against stock's layers and regularizers, on the same stock backend. */
import { compare, type Ratio, timed } from '../measure.ts';
import { mlp, type Size, type With } from '../models.ts';
import { enter, type Place } from '../places.ts';
import { milliseconds, type Result, ratioCells, Table } from '../section.ts';

const kinds: Readonly<Record<string, With>> = {
  none: { dropout: false, l2: false },
  dropout: { dropout: true, l2: false },
  L2: { dropout: false, l2: true },
  'dropout + L2': { dropout: true, l2: true },
};

export async function plugins(quick: boolean): Promise<Result> {
  const size: Size = quick
    ? { batch: 8, inputs: 16, hidden: 16, outputs: 10 }
    : { batch: 128, inputs: 784, hidden: 512, outputs: 10 };
  const table = new Table('backend', 'MLP step', 'ours ms', 'stock ms', 'ours / stock', '95 % interval');
  const rows: (Ratio & { backend: Place; work: string })[] = [];
  for (const backend of ['wasm', 'cpu'] as const) {
    await enter(backend);
    for (const [work, what] of Object.entries(kinds)) {
      const [ours, stock] = [mlp('ours', size, what), mlp('stock', size, what)];
      const ratio = await compare(timed(ours.run), timed(stock.run), quick ? 3 : backend === 'wasm' ? 15 : 7);
      ours.dispose();
      stock.dispose();
      rows.push({ backend, work, ...ratio });
      table.add(backend, work, milliseconds(ratio.ours), milliseconds(ratio.other), ...ratioCells(ratio));
    }
  }
  return { data: { size, rows }, markdown: `${table}` };
}
