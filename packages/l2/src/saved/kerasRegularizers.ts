/**
 * The regularizers that files of Keras name and TF.js does not know. Keras has saved `l2()` as `L2` and `l1()` as `L1` since TensorFlow 2.4; TF.js has
 * `L1L2` alone, which Keras reads as well, so that this is what becomes of them.
 */
import { checkOptions, OptionError, option } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { regularizers } from '@tensorflow/tfjs-layers';
import { meanCosine } from '../penalties/orthogonal.ts';

type Config = tf.serialization.ConfigDict;

/** What TF.js' `registerClass` takes of a class. */
interface Loader {
  readonly className: string;
  fromConfig(cls: unknown, config: Config): unknown;
}

/** Keras' default of every strength. */
const strength = option.number({ min: 0, fallback: 0.01 });

/** Loading adds `customObjects` to every config; Keras writes null for what was not given. */
const given = ({ customObjects: _, ...config }: Config): object =>
  Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));

const L2: Loader = {
  className: 'L2',
  fromConfig: (_, config) => regularizers.l1l2({ l1: 0, ...checkOptions('L2', { l2: strength }, given(config)) }),
};

const L1: Loader = {
  className: 'L1',
  fromConfig: (_, config) => regularizers.l1l2({ l2: 0, ...checkOptions('L1', { l1: strength }, given(config)) }),
};

interface OrthogonalConfig {
  readonly factor?: number;
  /** 'rows' (the default): |cos| between rows of the kernel; 'columns': between units. */
  readonly mode?: 'rows' | 'columns';
}

/** factor · mean |cos| over the pairs of rows or columns of a matrix: Keras' `OrthogonalRegularizer`. */
class OrthogonalRegularizer extends tf.serialization.Serializable {
  static readonly className = 'OrthogonalRegularizer';
  readonly #options: Required<OrthogonalConfig>;

  constructor(options: OrthogonalConfig = {}) {
    super();
    this.#options = checkOptions<OrthogonalConfig>(
      OrthogonalRegularizer.className,
      { factor: strength, mode: option.oneOf<'rows' | 'columns'>(['rows', 'columns'], { fallback: 'rows' }) },
      options,
    );
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: Config,
  ): T {
    return new cls(given(config));
  }

  apply(w: tf.Tensor): tf.Scalar {
    const { factor, mode } = this.#options;
    if (w.rank !== 2) throw OptionError.of(OrthogonalRegularizer.className, 'kernel', 'a matrix', w.shape);
    return tf.tidy(() => tf.mul(meanCosine(w, mode === 'rows' ? [1] : [0]), factor));
  }

  getConfig(): Config {
    return { ...this.#options };
  }
}

export const kerasRegularizers = [L1, L2, OrthogonalRegularizer].map(layerClass => ({ layerClass }));
