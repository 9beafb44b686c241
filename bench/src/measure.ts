/** Interleaved rounds in one process: both sides see the same machine, noise and all. */

export interface Ratio {
  /** Median times in milliseconds. */
  readonly ours: number;
  readonly stock: number;
  /** Median over rounds of ours / stock, with its 95 % bootstrap interval. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

const BOOTSTRAPS = 1000;

/** Percentile bootstrap of the median. */
export function interval(
  values: readonly number[],
  random: () => number = Math.random,
): readonly [low: number, high: number] {
  const medians = Array.from({ length: BOOTSTRAPS }, () =>
    median(values.map(() => values[Math.floor(random() * values.length)]!)),
  ).sort((a, b) => a - b);
  return [medians[Math.floor(0.025 * BOOTSTRAPS)]!, medians[Math.floor(0.975 * BOOTSTRAPS)]!];
}

type Work = () => void | Promise<void>;

async function time(work: Work): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Times both in turn, the order swapped every round, after a warm-up of each. */
export async function compare(ours: Work, stock: Work, rounds: number): Promise<Ratio> {
  for (let i = 0; i < 2; i++) {
    await ours();
    await stock();
  }
  const times: { ours: number; stock: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 ? stock : ours;
    const a = await time(first);
    const b = await time(first === ours ? stock : ours);
    times.push(first === ours ? { ours: a, stock: b } : { ours: b, stock: a });
  }
  const ratios = times.map(t => t.ours / t.stock);
  const [low, high] = interval(ratios);
  return {
    ours: median(times.map(t => t.ours)),
    stock: median(times.map(t => t.stock)),
    ratio: median(ratios),
    low,
    high,
    rounds,
  };
}
