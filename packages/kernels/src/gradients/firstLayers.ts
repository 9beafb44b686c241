/**
 * Layers that read the data directly. A marked seam: read in tfjs-core and tfjs-layers 4.22, where `Conv2D` and `Dense` without an activation run
 * `tf.fused.conv2d` and `tf.fused.matMul`, which compute the gradients with respect to all inputs together, including the batch of data, where nobody needs
 * one. With separate operations, each gradient is computed only on request. Only the tape knows in the end which are requested: separate operations are always
 * correct, and cost one more pass over the result if there is a bias.
 */
import * as tf from '@tensorflow/tfjs-core';

type Inputs = tf.Tensor | tf.Tensor[];
interface Weighted {
  readonly kernel: { read(): tf.Tensor };
  readonly bias?: { read(): tf.Tensor } | null;
  readonly activation: { getClassName(): string } | null;
  invokeCallHook(inputs: Inputs, kwargs: object): void;
}
interface Conv extends Weighted {
  readonly rank: number;
  readonly strides: [number, number];
  readonly dilationRate: number | [number, number];
  readonly padding: string;
  readonly dataFormat: string;
}

export type Call<L> = (this: L, inputs: Inputs, kwargs: object) => Inputs;

/** The single input, of this rank, if no operation on the tape has made it. */
function dataOf(inputs: Inputs, rank: number): tf.Tensor | undefined {
  const { gradientDepth, activeTape } = tf.engine().state;
  const [x, ...more] = Array.isArray(inputs) ? inputs : [inputs];
  if (gradientDepth === 0 || !x || more.length > 0 || x.rank !== rank || x.dtype !== 'float32') return undefined;
  return activeTape?.some(({ outputs }) => outputs.some(({ id }) => id === x.id)) ? undefined : x;
}

const isLinear = ({ activation }: Weighted): boolean => activation?.getClassName() === 'linear';

const withBias = (y: tf.Tensor, { bias }: Weighted): tf.Tensor => (bias ? tf.add(y, bias.read()) : y);

export const convCall = (stock: Call<Conv>): Call<Conv> =>
  function (inputs, kwargs) {
    const isOurs = this.rank === 2 && isLinear(this) && this.dataFormat === 'channelsLast';
    const x = isOurs && ['same', 'valid'].includes(this.padding) ? dataOf(inputs, 4) : undefined;
    if (!x) return stock.call(this, inputs, kwargs);
    const filter = this.kernel.read() as tf.Tensor4D;
    return tf.tidy(() => {
      const y = tf.conv2d(
        x as tf.Tensor4D,
        filter,
        this.strides,
        this.padding as 'same' | 'valid',
        'NHWC',
        this.dilationRate,
      );
      return withBias(y, this);
    });
  };

export const denseCall = (stock: Call<Weighted>): Call<Weighted> =>
  function (inputs, kwargs) {
    const x = isLinear(this) ? dataOf(inputs, 2) : undefined;
    const kernel = this.kernel.read();
    if (!x || kernel.rank !== 2) return stock.call(this, inputs, kwargs);
    this.invokeCallHook(inputs, kwargs);
    return tf.tidy(() => withBias(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D), this));
  };
