/** GFLOP/s of one operation, ours against stock, where stock is not so slow that it would take all day. */
import { type Arm, compareWithin, type Effort, type Ratio, spreadWithin } from './measure.ts';
import { gigaflops, isSlower, ratioCells } from './section.ts';

export interface Throughput {
  readonly name: string;
  readonly flops: number;
  /** Milliseconds per call. */
  readonly ours: number;
  /** Left out where stock would take longer than this per call, by its rate so far. */
  readonly stock?: Ratio;
}

/** Milliseconds per call above which stock is left out. */
const CAP = 4500;

export const effort = (quick: boolean): Effort =>
  quick ? { sample: 0.2, budget: 5, rounds: [3, 3] } : { sample: 4, budget: 500, rounds: [5, 31] };

/** Measures one operation after the other; `kind` says which of them are alike in speed. */
export function meter(quick: boolean) {
  const rates = new Map<string, number>();
  const rows: Throughput[] = [];
  return {
    rows,
    async measure(name: string, kind: string, flops: number, ours: Arm, stock: Arm): Promise<Throughput> {
      const tooSlow = flops / (rates.get(kind) ?? Number.POSITIVE_INFINITY) > CAP;
      const row: Throughput = tooSlow
        ? { name, flops, ours: (await spreadWithin(effort(quick), ours)).median }
        : await compareWithin(effort(quick), ours, stock).then(r => ({ name, flops, ours: r.ours, stock: r }));
      if (row.stock) rates.set(kind, flops / row.stock.other);
      rows.push(row);
      return row;
    },
  };
}

export const header = ['ours GFLOP/s', 'stock GFLOP/s', 'time ours / stock', '95 % interval'] as const;

export const cells = ({ flops, ours, stock }: Throughput): string[] => [
  gigaflops(flops, ours),
  ...(stock ? [gigaflops(flops, stock.other), ...ratioCells(stock)] : ['', '', '']),
];

export function verdict(rows: readonly Throughput[]): string {
  const slower = rows.filter(({ stock }) => stock && isSlower(stock)).map(({ name }) => name);
  const list = slower.length === 0 ? 'none' : slower.join('; ');
  return `Slower than stock beyond noise (bold): ${list}. Empty: stock would take more than ${CAP / 1000} s per call.`;
}
