/**
 * Recurrent (variational) dropout: one mask for the inputs and one for the state, drawn once for each sequence and the same at all of its
 * time steps. Gal & Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks", NIPS 2016, eq. 7, with the
 * masks tied over the gates.
 *
 *     x_t ← m_x ∘ x_t / keepProb        h_{t−1} ← m_h ∘ h_{t−1} / recurrentKeepProb, where the recurrent kernel reads it
 */
import {
  checkOptions,
  type ForwardMoment,
  OptionError,
  type OptionSpecs,
  option,
  type Schedule,
  valueAt,
} from '@keepprob/core';
import {
  type DescribesNoise,
  forwardContext,
  layerPlugin,
  type Noise,
  type NoiseDefinitions,
  noisesFrom,
  type PluginLayer,
  resetClock,
  thisCore,
} from '@keepprob/core/layers';
import { counterDropout } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { dropping, keepProbOf } from '../options/rate.ts';
import { gruCell, gruStep } from './gruCell.ts';
import { type CellStep, type Drop, dropBefore, type StockCell, withStateDropout } from './stateDropout.ts';

/** What a recurrent layer holds beside the arguments of the stock layer: rates have become what is kept. */
export interface CheckedRecurrentOptions {
  /** Probability that a feature of the input is kept over the whole sequence, in (0, 1]; 1 by default. May be a schedule. */
  readonly keepProb?: number | Schedule;
  /** Probability that a unit of the state is kept over the whole sequence, in (0, 1]; 1 by default. May be a schedule. */
  readonly recurrentKeepProb?: number | Schedule;
  /** Of this layer alone; replaces the run's. */
  readonly seed?: number | null;
}

type Input =
  | (Pick<CheckedRecurrentOptions, 'keepProb'> & { readonly dropout?: never })
  | {
      /** 1 − keepProb, as Keras has it. */
      readonly dropout?: number;
      readonly keepProb?: never;
    };
type State =
  | (Pick<CheckedRecurrentOptions, 'recurrentKeepProb'> & { readonly recurrentDropout?: never })
  | {
      /** 1 − recurrentKeepProb, as Keras has it. */
      readonly recurrentDropout?: number;
      readonly recurrentKeepProb?: never;
    };

/** The arguments of the stock layer, with `keepProb` or Keras' `dropout` = 1 − keepProb, and the same for the state. */
export type RecurrentOptions<Args> = Omit<Args, 'cell' | 'dropout' | 'recurrentDropout' | 'dropoutFunc'> &
  Input &
  State &
  Pick<CheckedRecurrentOptions, 'seed'>;

const rates = { dropout: 'keepProb', recurrentDropout: 'recurrentKeepProb' } as const;
const keepProb = option.keepProbSchedule({ fallback: 1 });
const specs: OptionSpecs<CheckedRecurrentOptions> = { keepProb, recurrentKeepProb: keepProb, seed: option.seed() };

const unlike = 'it drops inside the recurrent layer, with one mask for all time steps';
const noise: NoiseDefinitions<CheckedRecurrentOptions> = {
  keepProb: { ...dropping, target: 'inputs', unlike },
  recurrentKeepProb: { ...dropping, target: 'state', unlike },
};

/** What stock recurrent layers take of every layer, and of their own. */
const layerArguments =
  'name inputShape batchInputShape batchSize dtype inputDType trainable updatable weights inputDim inputLength';
const rnnArguments = 'returnSequences returnState goBackwards stateful unroll';
const cellArguments =
  'units activation useBias kernelInitializer recurrentInitializer biasInitializer kernelRegularizer recurrentRegularizer ' +
  'biasRegularizer activityRegularizer kernelConstraint recurrentConstraint biasConstraint';

/** Rates, as Keras has them, become what is kept: one field to look at, and one in a saved model. */
function kept(owner: string, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result = { ...given };
  for (const [rate, keep] of Object.entries(rates)) {
    const value = given[rate];
    delete result[rate];
    if (value === undefined) continue;
    if (given[keep] !== undefined)
      throw OptionError.of(owner, rate, `none beside \`${keep}\` = 1 − \`${rate}\``, value);
    result[keep] = keepProbOf(owner, rate, value);
  }
  return result;
}

/** One mask of the inputs for all time steps, and one of the state: [batch, 1, features] and [batch, units]. */
function draws(options: Required<CheckedRecurrentOptions>, goBackwards: boolean, at: ForwardMoment) {
  // the two directions of a Bidirectional layer have one site where no run gives them sites of their own
  const [input, state] = goBackwards ? ['backward', 'backwardState'] : [undefined, 'state'];
  const [inputKey, stateKey] = [at.key(input), at.key(state)];
  const [inputKept, stateKept] = [valueAt(options.keepProb, at), valueAt(options.recurrentKeepProb, at)];
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
    state: (h: tf.Tensor): tf.Tensor =>
      counterDropout(h, { keepProb: stateKept, noiseShape: h.shape, key: stateKey, rows: at.rows }),
  };
}

/** A layer plugin that is also an RNN: `states`, `resetStates()`. */
export type RecurrentDropoutLayer = tfl.RNN &
  Pick<PluginLayer<CheckedRecurrentOptions>, 'options' | 'setOptions' | 'reset' | typeof layerPlugin> &
  DescribesNoise;

interface Definition<CellArgs, Cell extends StockCell> {
  readonly name: string;
  readonly className: string;
  /** Arguments of this cell beside those of all. */
  readonly own: string;
  cell(args: CellArgs): Cell;
  readonly step: CellStep<Cell>;
}

export interface RecurrentFactory<Args> {
  (options: RecurrentOptions<Args>): RecurrentDropoutLayer;
  readonly layerClass: tf.serialization.SerializableConstructor<RecurrentDropoutLayer>;
  readonly definition: { readonly name: string; readonly options: OptionSpecs<CheckedRecurrentOptions> };
}

function recurrent<Args, CellArgs, Cell extends StockCell>({
  name,
  className,
  own,
  cell,
  step,
}: Definition<CellArgs, Cell>): RecurrentFactory<Args> {
  const ofLayer = layerArguments.split(' ');
  const ofCell = `${cellArguments} ${own}`.trim().split(' ');
  const stock = [...ofLayer, ...rnnArguments.split(' '), ...ofCell];
  const ours = [...Object.keys(specs), ...Object.keys(rates)];
  const pick = (given: object, keep: (key: string) => boolean): Record<string, unknown> =>
    Object.fromEntries(Object.entries(given).filter(([key, value]) => value !== undefined && keep(key)));

  class RecurrentLayer extends tfl.RNN {
    static override readonly className = className;
    readonly [layerPlugin] = thisCore;
    readonly isIdentity = false;
    readonly #dropping: <T>(drop: Drop, f: () => T) => T;
    options: Required<CheckedRecurrentOptions>;

    constructor(given: object) {
      const units = option.number({ min: 1, integer: true });
      const { units: _, ...options } = checkOptions<CheckedRecurrentOptions & { units: number }>(
        name,
        { ...specs, units },
        kept(
          name,
          pick(given ?? {}, key => key === 'units' || !stock.includes(key)),
        ),
      );
      const made = cell(pick(given, key => ofCell.includes(key)) as CellArgs);
      super({ ...pick(given, key => !ofCell.includes(key) && stock.includes(key)), cell: made });
      this.#dropping = (drop, f) => withStateDropout(made, step, drop, f);
      this.options = Object.freeze(options);
    }

    /** A file of Keras may say more than TF.js knows (`time_major`), which is passed over as in stock; null is what was not given. */
    static override fromConfig<T extends tf.serialization.Serializable>(
      cls: tf.serialization.SerializableConstructor<T>,
      config: tf.serialization.ConfigDict,
    ): T {
      return new cls(pick(config, key => config[key] !== null && (stock.includes(key) || ours.includes(key))));
    }

    override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Parameters<tfl.RNN['call']>[1]): tf.Tensor | tf.Tensor[] {
      return tf.tidy(() => {
        const streams = ['state', 'backward', 'backwardState'];
        const at = forwardContext(this, kwargs, { seed: this.options.seed, streams });
        if (!at) return super.call(inputs, kwargs);
        const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
        const drop = draws(this.options, this.goBackwards, at);
        return this.#dropping(drop.state, () => super.call(drop.input(x), kwargs));
      });
    }

    override getConfig(): tf.serialization.ConfigDict {
      const { dropout, recurrentDropout, ...config } = super.getConfig();
      return { ...config, ...(this.options as unknown as tf.serialization.ConfigDict) };
    }

    setOptions(patch: Partial<CheckedRecurrentOptions>): () => void {
      const before = this.options;
      this.options = checkOptions<CheckedRecurrentOptions>(name, specs, { ...before, ...kept(name, { ...patch }) });
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

  const factory = (given: RecurrentOptions<Args>): RecurrentDropoutLayer =>
    new RecurrentLayer(given) as unknown as RecurrentDropoutLayer;
  return Object.assign(factory, {
    layerClass: RecurrentLayer as unknown as RecurrentFactory<Args>['layerClass'],
    definition: { name, options: specs },
  });
}

/**
 * `tf.layers.lstm` with recurrent dropout: in training the same inputs and units are dropped at every time step, anew for each sequence
 * and update; at inference, and with nothing dropped, the stock layer. The backward pass draws the masks again.
 *
 * `dropoutLSTM({ units: 64, keepProb: 0.8, recurrentKeepProb: 0.7, returnSequences: true })`, or with Keras' rates
 * `{ units: 64, dropout: 0.2, recurrentDropout: 0.3 }`; takes all arguments of `tf.layers.lstm`. [batch, time, features] → [batch, units],
 * or [batch, time, units] with `returnSequences`. `register()` before `tf.layers.bidirectional`, which clones its layer.
 * @throws OptionError for keepProb beside `dropout`, a value out of (0, 1], an unknown argument
 */
export const dropoutLSTM: RecurrentFactory<tfl.LSTMLayerArgs> = recurrent({
  name: 'dropoutLSTM',
  className: 'KeepprobLSTM',
  own: 'recurrentActivation unitForgetBias implementation',
  cell: tfl.layers.lstmCell,
  step: dropBefore,
});

/** `tf.layers.gru` with recurrent dropout; see `dropoutLSTM`. The state that is carried over stays whole. `resetAfter: true`, Keras' default, works. */
export const dropoutGRU: RecurrentFactory<tfl.GRULayerArgs> = recurrent({
  name: 'dropoutGRU',
  className: 'KeepprobGRU',
  own: 'recurrentActivation implementation resetAfter',
  cell: gruCell,
  step: gruStep,
});

/** `tf.layers.simpleRNN` with recurrent dropout; see `dropoutLSTM`. */
export const dropoutSimpleRNN: RecurrentFactory<tfl.SimpleRNNLayerArgs> = recurrent({
  name: 'dropoutSimpleRNN',
  className: 'KeepprobSimpleRNN',
  own: '',
  cell: tfl.layers.simpleRNNCell,
  step: dropBefore,
});
