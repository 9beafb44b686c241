/** An RNN of TF.js whose inputs and state are dropped in training. */
import { checkOptions, type ForwardMoment, option, valueAt } from '@keepprob/core';
import {
  type DescribesNoise,
  forwardContext,
  layerPlugin,
  type Noise,
  noisesFrom,
  resetClock,
  thisCore,
} from '@keepprob/core/layers';
import { counterDropout } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { type argumentsOf, type CheckedRecurrentOptions, kept, noise, specs } from './recurrentOptions.ts';
import { type CellStep, type Drop, type StockCell, withStateDropout } from './stateDropout.ts';

export interface RecurrentDefinition<CellArgs, Cell extends StockCell> {
  readonly name: string;
  readonly className: string;
  /** Arguments of this cell besides those of all. */
  readonly own: string;
  cell(args: CellArgs): Cell;
  readonly step: CellStep<Cell>;
}

/** One mask of the inputs for all time steps, and one of the state where it is dropped: [batch, 1, features] and [batch, units]. */
function draws(options: Required<CheckedRecurrentOptions>, goBackwards: boolean, at: ForwardMoment) {
  // the two directions of a Bidirectional layer have one site where no run gives them sites of their own
  const [input, state] = goBackwards ? ['backward', 'backwardState'] : [undefined, 'state'];
  const [inputKey, stateKey] = [at.key(input), at.key(state)];
  const [inputKept, stateKept] = [valueAt(options.keepProb, at), valueAt(options.recurrentKeepProb, at)];
  const dropState: Drop = h =>
    counterDropout(h, { keepProb: stateKept, noiseShape: h.shape, key: stateKey, rows: at.rows });
  return {
    input: (x: tf.Tensor): tf.Tensor => {
      const [batch, , ...features] = x.shape as [number, number, ...number[]];
      return counterDropout(x, {
        keepProb: inputKept,
        noiseShape: [batch, 1, ...features],
        key: inputKey,
        rows: at.rows,
      });
    },
    state: stateKept < 1 ? dropState : undefined,
  };
}

export abstract class RecurrentLayer<CellArgs, Cell extends StockCell> extends tfl.RNN implements DescribesNoise {
  readonly [layerPlugin] = thisCore;
  readonly isIdentity = false;
  readonly #name: string;
  readonly #dropping: <T>(drop: Drop, f: () => T) => T;
  options: Required<CheckedRecurrentOptions>;

  constructor(
    { name, cell, step }: RecurrentDefinition<CellArgs, Cell>,
    parts: ReturnType<typeof argumentsOf>,
    given: object,
  ) {
    const { units: _, ...options } = checkOptions<CheckedRecurrentOptions & { units: number }>(
      name,
      { ...specs, units: option.number({ min: 1, integer: true }) },
      kept(name, parts.options(given ?? {})),
    );
    const made = cell(parts.cell(given) as CellArgs);
    super({ ...parts.layer(given), cell: made });
    this.#name = name;
    this.#dropping = (drop, f) => withStateDropout(made, step, drop, f);
    this.options = Object.freeze(options);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Parameters<tfl.RNN['call']>[1]): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const streams = ['state', 'backward', 'backwardState'];
      const at = forwardContext(this, kwargs, { seed: this.options.seed, streams });
      if (!at) return super.call(inputs, kwargs);
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
      const drop = draws(this.options, this.goBackwards, at);
      const run = (): tf.Tensor | tf.Tensor[] => super.call(drop.input(x), kwargs);
      return drop.state ? this.#dropping(drop.state, run) : run();
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { dropout, recurrentDropout, ...config } = super.getConfig();
    return { ...config, ...(this.options as object as tf.serialization.ConfigDict) };
  }

  setOptions(patch: Partial<CheckedRecurrentOptions>): () => void {
    const before = this.options;
    const changed = { ...before, ...kept(this.#name, { ...patch }) };
    this.options = checkOptions<CheckedRecurrentOptions>(this.#name, specs, changed);
    return () => {
      this.options = before;
    };
  }

  describeNoise(): readonly Noise[] {
    return noisesFrom<CheckedRecurrentOptions>(this, noise, this.options.seed);
  }

  /** Outside a run, starts the sequence of masks again. */
  reset(): void {
    resetClock(this);
  }
}
