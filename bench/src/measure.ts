/** Interleaved rounds in one process: both sides see the same machine, noise and all. */

export type Work = () => void | Promise<void>;
/** Takes one time: milliseconds per call. */
export type Sample = () => Promise<number>;

/** The median, with its 95 % bootstrap interval. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}
export interface Ratio {
  /** Median times in milliseconds. */
  readonly ours: number;
  readonly other: number;
  /** Median over rounds of ours / other, with its 95 % bootstrap interval. */
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

/** Milliseconds per call of `calls` calls in a row; `enter` comes before the clock starts. */
export const timed =
  (work: Work, { calls = 1, enter = (): void | Promise<void> => {} } = {}): Sample =>
  async () => {
    await enter();
    const start = performance.now();
    for (let i = 0; i < calls; i++) {
      const pending = work();
      if (pending) await pending;
    }
    return (performance.now() - start) / calls;
  };

/** Samples both in turn, the order swapped every round, after a warm-up of each. */
export async function compare(ours: Sample, other: Sample, rounds: number, warmUps = 2): Promise<Ratio> {
  for (let i = 0; i < warmUps; i++) {
    await ours();
    await other();
  }
  const times: { ours: number; other: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const first = round % 2 ? other : ours;
    const a = await first();
    const b = await (first === ours ? other : ours)();
    times.push(first === ours ? { ours: a, other: b } : { ours: b, other: a });
  }
  const ratios = times.map(t => t.ours / t.other);
  const [low, high] = interval(ratios);
  return {
    ours: median(times.map(t => t.ours)),
    other: median(times.map(t => t.other)),
    ratio: median(ratios),
    low,
    high,
    rounds,
  };
}

/** One side alone. */
export async function spread(sample: Sample, rounds: number, warmUps = 2): Promise<Spread> {
  for (let i = 0; i < warmUps; i++) await sample();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await sample());
  const [low, high] = interval(times);
  return { median: median(times), low, high };
}

/** One side of a comparison whose calls are too short to be timed one by one. */
export interface Arm {
  readonly work: Work;
  readonly enter: () => Promise<void>;
}
/** At least this long is a sample, in ms; and this many rounds are made of them. */
export interface Effort {
  readonly sample: number;
  readonly budget: number;
  readonly rounds: readonly [least: number, most: number];
}

/** A sample of at least `least` ms, found by doubling its calls, and about how long it takes. */
async function sampleOf({ work, enter }: Arm, least: number): Promise<{ sample: Sample; ms: number }> {
  for (let calls = 1; ; calls *= 2) {
    const sample = timed(work, { calls, enter });
    const ms = (await sample()) * calls;
    if (ms >= least) return { sample, ms };
  }
}

const roundsFor = (ms: number, { budget, rounds: [least, most] }: Effort): number =>
  Math.min(most, Math.max(least, Math.floor(budget / ms)));

/** As many rounds as the budget allows. */
export async function compareWithin(effort: Effort, ours: Arm, other: Arm): Promise<Ratio> {
  const [a, b] = [await sampleOf(ours, effort.sample), await sampleOf(other, effort.sample)];
  return compare(a.sample, b.sample, roundsFor(a.ms + b.ms, effort), 0);
}
export async function spreadWithin(effort: Effort, arm: Arm): Promise<Spread> {
  const { sample, ms } = await sampleOf(arm, effort.sample);
  return spread(sample, roundsFor(ms, effort), 0);
}
