/** What the samples of one output tell, over all batches. */
import { DataError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkProbabilities, type OutputKind } from './outputKind.ts';
import { entropies, interval, logLikelihood, moments, type Statistic } from './uncertainty.ts';

/** What the samples say of one output [rows, …]. The tensors belong to the caller: `tf.dispose(prediction)`. */
export interface Uncertainty {
  /** [rows, …], mean over the samples. */
  readonly mean: tf.Tensor;
  /** [rows, …], the sample variance over the samples (÷ T − 1), plus 1/τ for a regression with `precision`. */
  readonly variance: tf.Tensor;
  /** [rows, …], quantiles over the samples. With `precision` they are quantiles of y: each sample then has the noise N(0, 1/τ). */
  readonly lower?: tf.Tensor;
  /** See `lower`. */
  readonly upper?: tf.Tensor;
  /**
   * Classification, in nats: entropy of the mean prediction, mean entropy of a prediction, and their difference, the mutual information of
   * prediction and weights (BALD). [rows, …] without the classes of a softmax; of sigmoids one for each.
   */
  readonly entropy?: tf.Tensor;
  /** See `entropy`. */
  readonly expectedEntropy?: tf.Tensor;
  /** See `entropy`. */
  readonly mutualInformation?: tf.Tensor;
  /** Regression with y: [rows], log p(y). */
  readonly logLikelihood?: tf.Tensor;
}

export interface Gathering {
  readonly name: string;
  readonly kind: OutputKind;
  /** In all batches. */
  readonly rows: number;
  readonly precision: number | null;
  readonly interval: number | false;
  /** Of all rows. */
  readonly y?: ArrayLike<number> | undefined;
}

export interface Gatherer {
  /** The samples that follow are of these rows. */
  begin(first: number, count: number): void;
  add(sample: ArrayLike<number>, shape: readonly number[]): void;
  /** No more samples of these rows. */
  end(): void;
  tensors(): Uncertainty;
}

/** Statistics run over the samples of a batch; between batches only their results are kept. */
export function gather(output: Gathering): Gatherer {
  const results = new Map<string, { readonly values: Float32Array; readonly shape: number[] }>();
  let rows = { first: 0, count: 0 };
  let running: { readonly statistics: readonly Statistic[]; readonly shape: readonly number[] } | undefined;
  const classes = (shape: readonly number[]): number => (output.kind === 'softmax' ? (shape.at(-1) ?? 1) : 1);

  return {
    begin(first, count) {
      rows = { first, count };
      running = undefined;
    },
    add(sample, shape) {
      if (output.kind !== 'regression') checkProbabilities(output.name, sample, classes(shape));
      running ??= { statistics: open(output, sample.length, classes(shape), rows), shape: shape.slice(1) };
      for (const statistic of running.statistics) statistic.add(sample);
    },
    end() {
      if (!running) return;
      const { statistics, shape } = running;
      for (const [name, values] of statistics.flatMap(statistic => Object.entries(statistic.results()))) {
        const perRow = values.length / rows.count;
        const known = results.get(name) ?? {
          values: new Float32Array(output.rows * perRow),
          shape: [output.rows, ...rowShape(name, output.kind, shape)],
        };
        results.set(name, known);
        known.values.set(values, rows.first * perRow);
      }
    },
    tensors: () =>
      Object.fromEntries(
        [...results].map(([name, { values, shape }]) => [name, tf.tensor(values, shape)]),
      ) as unknown as Uncertainty,
  };
}

/** Shape of a result for one row, from that of the output. */
function rowShape(name: string, kind: OutputKind, shape: readonly number[]): readonly number[] {
  if (name === 'logLikelihood') return [];
  const ofClasses = kind === 'softmax' && /entropy|mutualInformation/i.test(name);
  return ofClasses ? shape.slice(0, -1) : shape;
}

/** The statistics of a batch of `size` numbers. */
function open(
  { name, kind, rows, precision, interval: level, y }: Gathering,
  size: number,
  classes: number,
  batch: { readonly first: number; readonly count: number },
): Statistic[] {
  const regression = kind === 'regression';
  const features = size / batch.count;
  const noise = regression && precision !== null ? 1 / precision : 0;
  const statistics = [moments(size, noise)];
  if (level !== false) statistics.push(interval(size, level, noise));
  if (!regression) statistics.push(entropies(size, classes));
  if (regression && y && precision !== null) {
    if (y.length !== rows * features) throw DataError.of(`y of "${name}"`, `${rows * features} numbers`, `${y.length}`);
    const [from, to] = [batch.first * features, (batch.first + batch.count) * features];
    statistics.push(logLikelihood(Array.prototype.slice.call(y, from, to), features, precision));
  }
  return statistics;
}
