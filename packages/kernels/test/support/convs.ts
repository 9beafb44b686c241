/** Random convolutions, by the kernels of TF.js and exactly. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { byOurs, type Stock } from './builds.ts';
import { expectWithin, floats, sizeOf, take } from './numbers.ts';
import { run } from './onBoth.ts';
import { convExact } from './products.ts';
import { channels, type Four, type Pad, type Pair, padding, pair, type Rounding, upTo } from './windows.ts';

export interface Conv {
  readonly inShape: Four;
  /** [height, width, in, out], or [height, width, in, multiplier] where depthwise. */
  readonly filterShape: Four;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly pad: Pad;
  readonly dimRoundingMode: Rounding;
  readonly depthwise: boolean;
  readonly seed: number;
}

interface Limits {
  readonly dilated?: boolean;
  readonly depthwise?: boolean;
  /** 1: as in one dimension. */
  readonly height?: number;
  /**
   * Only what TF.js' ops can do: their gradients forget `dimRoundingMode`, and know no dilation of a depthwise filter; where the padding
   * is one number, output sizes are those of square filters and strides, and the stock kernels write past their end.
   */
  readonly asOp?: boolean;
}

/** Convolutions of images that are smaller than the filter, too: those that pad enough. Either strides or dilations are 1, as TF.js wants. */
export const convs = ({
  dilated = false,
  depthwise = false,
  height = 9,
  asOp = false,
}: Limits = {}): fc.Arbitrary<Conv> =>
  fc
    .record({
      batch: upTo(3),
      height: upTo(height),
      width: fc.oneof({ weight: 3, arbitrary: upTo(9) }, { weight: 1, arbitrary: upTo(21, 10) }),
      c: channels,
      o: depthwise ? upTo(3) : channels,
      filter: fc.tuple(upTo(Math.min(5, height)), upTo(5)),
      strides: pair(3),
      dilations: dilated ? fc.oneof(fc.constant<Pair>([1, 1]), pair(3)) : fc.constant<Pair>([1, 1]),
      padding,
      seed: fc.nat(),
    })
    .map(({ batch, height, width, c, o, filter, strides, dilations, padding, seed }): Conv => {
      const dense = dilations[0] * dilations[1] === 1;
      return {
        inShape: [batch, height, width, c],
        filterShape: [...filter, c, o],
        strides: dense ? strides : [1, 1],
        dilations,
        pad: padding[0],
        dimRoundingMode: asOp ? undefined : padding[1],
        depthwise,
        seed,
      };
    })
    .filter(conv => infoOf(conv).outShape.every(d => d > 0) && !(asOp && depthwise && typeof conv.pad === 'number'));

export const infoOf = (conv: Conv): tf.backend_util.Conv2DInfo =>
  tf.backend_util.computeConv2DInfo(
    ...([conv.inShape, conv.filterShape, conv.strides, conv.dilations, conv.pad] as const),
    conv.dimRoundingMode,
    conv.depthwise,
  );

export const attrsOf = ({ strides, dilations, pad, dimRoundingMode }: Conv): tf.NamedAttrMap =>
  ({ strides, dilations, pad, dimRoundingMode, dataFormat: 'NHWC' }) as unknown as tf.NamedAttrMap;

export const xOf = (conv: Conv): Float32Array => floats(sizeOf(conv.inShape), conv.seed);
export const filterOf = (conv: Conv): Float32Array => floats(sizeOf(conv.filterShape), conv.seed + 1);
const dyOf = (conv: Conv): Float32Array => floats(sizeOf(infoOf(conv).outShape), conv.seed + 2);

const forward = (conv: Conv) => (): tf.Tensor =>
  run(tf.Conv2D, { x: [xOf(conv), conv.inShape], filter: [filterOf(conv), conv.filterShape] }, attrsOf(conv));

const byInput = (conv: Conv) => (): tf.Tensor =>
  run(
    conv.depthwise ? tf.DepthwiseConv2dNativeBackpropInput : tf.Conv2DBackpropInput,
    { dy: [dyOf(conv), infoOf(conv).outShape], filter: [filterOf(conv), conv.filterShape] },
    { ...attrsOf(conv), inputShape: conv.inShape },
  );

const byFilter = (conv: Conv) => (): tf.Tensor =>
  run(
    conv.depthwise ? tf.DepthwiseConv2dNativeBackpropFilter : tf.Conv2DBackpropFilter,
    { x: [xOf(conv), conv.inShape], dy: [dyOf(conv), infoOf(conv).outShape] },
    { ...attrsOf(conv), filterShape: conv.filterShape },
  );

export const common = { dilations: [1, 1] as Pair, dimRoundingMode: undefined, depthwise: false, seed: 3 };

/** The three of them, each as TF.js has it and exactly. */
export const parts = {
  forward: [forward, (conv: Conv) => convExact(infoOf(conv), { x: xOf(conv), filter: filterOf(conv) }, conv.depthwise)],
  byInput: [
    byInput,
    (conv: Conv) => convExact(infoOf(conv), { filter: filterOf(conv), dy: dyOf(conv) }, conv.depthwise),
  ],
  byFilter: [byFilter, (conv: Conv) => convExact(infoOf(conv), { x: xOf(conv), dy: dyOf(conv) }, conv.depthwise)],
} as const;

/** One of them, within the bound, by our kernels. */
export const agreesOn = (stock: Stock) => (part: keyof typeof parts) => (conv: Conv) => {
  const [kernel, exact] = parts[part];
  expectWithin(take(byOurs(stock, kernel(conv))), exact(conv));
};
