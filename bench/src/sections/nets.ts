/** One training step of the nets that people train, with our kernels and gradients against stock wasm and stock cpu. */
import { compareWithin, type Effort, type Ratio } from '../measure.ts';
import type { Kind, Step } from '../models.ts';
import { netsOf } from '../nets/nets.ts';
import { arm, enter, type Place } from '../places.ts';
import { milliseconds, type Result, ratioCells, Table } from '../section.ts';

interface Row extends Ratio {
  readonly net: string;
  /** Where stock ran. */
  readonly stock: Place;
}

/** A dense one, one that stock wasm cannot train, and a recurrent one. */
const QUICK = ['mlp', 'feedforward', 'simpleRNN'];

export async function nets(quick: boolean): Promise<Result> {
  const effort: Effort = quick
    ? { sample: 0, budget: 1, rounds: [2, 2] }
    : { sample: 100, budget: 5000, rounds: [3, 15] };
  const table = new Table('net, one step', 'ours ms', 'stock', 'stock ms', 'ours / stock', '95 % interval', 'rounds');
  const rows: Row[] = [];
  const thrown: string[] = [];
  const all = Object.entries(netsOf(quick));
  for (const [net, { title, make }] of quick ? all.filter(([name]) => QUICK.includes(name)) : all) {
    for (const stock of ['wasm', 'cpu'] as const) {
      const other = await made(make, 'stock', stock);
      if (await runs(other)) {
        const ours = await made(make, 'ours', 'kernels');
        const ratio = await compareWithin(effort, arm('kernels', ours.run), arm(stock, other.run));
        await enter('kernels');
        ours.dispose();
        rows.push({ net, stock, ...ratio });
        const [a, b] = [milliseconds(ratio.ours), milliseconds(ratio.other)];
        table.add(title, a, stock, b, ...ratioCells(ratio), `${ratio.rounds}`);
      } else {
        thrown.push(net);
        table.add(title, '', stock, 'throws', '', '', '');
      }
      await enter(stock);
      other.dispose();
    }
  }
  return { data: { rows, thrown }, markdown: `${table}` };
}

async function made(make: (kind: Kind) => Step, kind: Kind, place: Place): Promise<Step> {
  await enter(place);
  return make(kind);
}

/** Whether stock has all that the step needs; wasm has no gradient of a convolution by its filter, nor of an embedding. */
async function runs({ run }: Step): Promise<boolean> {
  try {
    await run();
    return true;
  } catch {
    return false;
  }
}
