/** Our kernels by their names in TF.js. */
import {
  ADAM_KERNEL,
  ADD_NOISE_KERNEL,
  BLEND_KERNEL,
  CLIP_UNITS_KERNEL,
  COLORS_KERNEL,
  CONCRETE_GRAD_KERNEL,
  CONCRETE_KERNEL,
  CONCRETE_PENALTY_GRAD_KERNEL,
  CONCRETE_PENALTY_KERNEL,
  DOTS_KERNEL,
  DROP_BLOCK_KERNEL,
  DROPOUT_KERNEL,
  ELASTIC_GRAD_KERNEL,
  ELASTIC_KERNEL,
  FINITE_KERNEL,
  GROUP_NORM_GRAD_KERNEL,
  GROUP_NORM_KERNEL,
  L2_KERNEL,
  MOMENTUM_KERNEL,
  MULTIPLY_NOISE_KERNEL,
  NOISE_KERNEL,
  POWER_ITERATION_KERNEL,
  PROJECT_KERNEL,
  READ_KERNEL,
  SGD_KERNEL,
  SPECTRAL_NORM_GRAD_KERNEL,
  SPECTRAL_NORM_KERNEL,
  WEIGHT_NORM_GRAD_KERNEL,
  WEIGHT_NORM_KERNEL,
} from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import * as fused from '../gradients/fused.ts';
import { activation, reluGrad, withSlope } from './kernels/activation.ts';
import { colors } from './kernels/colors.ts';
import { concrete, concreteGrad, concretePenalty, concretePenaltyGrad } from './kernels/concrete.ts';
import { conv2D, conv2DBackpropFilter, conv2DBackpropInput, fusedConv2D } from './kernels/convolution/conv2d.ts';
import { conv3D, conv3DBackpropFilter, conv3DBackpropInput } from './kernels/convolution/conv3d.ts';
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './kernels/convolution/depthwise.ts';
import { gather, read, slice } from './kernels/copy.ts';
import { dropBlock } from './kernels/dropBlock.ts';
import { dropoutKernel } from './kernels/dropout.ts';
import { einsum } from './kernels/einsum.ts';
import { elastic, elasticGrad } from './kernels/elastic.ts';
import { arithmetic, comparison, eluGrad, extremes, logicalAnd, select, unary } from './kernels/elementwise.ts';
import type { AnyKernel } from './kernels/kernel.ts';
import { batchMatMul, fusedMatMul } from './kernels/matMul.ts';
import { noise, withNoise } from './kernels/noise.ts';
import { fusedBatchNorm, normalize, normalizeGrad } from './kernels/norms.ts';
import { avgPool3D, avgPool3DGrad, avgPoolGrad, maxPool3D, maxPool3DGrad, maxPoolGrad } from './kernels/pool.ts';
import { gru, gruGrad } from './kernels/recurrent/gru.ts';
import { lstm, lstmGrad } from './kernels/recurrent/lstm.ts';
import { resetAfterGRU, resetAfterGRUGrad } from './kernels/recurrent/resetAfterGRU.ts';
import { simpleRNN, simpleRNNGrad } from './kernels/recurrent/simpleRNN.ts';
import { rowsProduct, stateProduct } from './kernels/recurrent/weights.ts';
import { extreme, identity, mean, sum, unsortedSegmentSum } from './kernels/reduce.ts';
import { crossEntropy, crossEntropyGrad, softmaxGrad } from './kernels/softmax.ts';
import { tile } from './kernels/tile.ts';
import {
  blend,
  clipUnits,
  dots,
  groupNorm,
  groupNormGrad,
  powerIteration,
  spectralNorm,
  spectralNormGrad,
  weightNorm,
  weightNormGrad,
} from './kernels/units.ts';
import { adam, finite, l2, momentum, projectColumns, sgd } from './kernels/update.ts';
import { transform } from './kernels/warp.ts';
import * as recurrent from './recurrent/names.ts';

export const kernels: Readonly<Record<string, AnyKernel>> = {
  [tf.BatchMatMul]: batchMatMul,
  [tf._FusedMatMul]: fusedMatMul,
  [tf.Einsum]: einsum,
  [tf.Conv2D]: conv2D,
  [tf.FusedConv2D]: fusedConv2D,
  [tf.Conv2DBackpropFilter]: conv2DBackpropFilter,
  [tf.Conv2DBackpropInput]: conv2DBackpropInput,
  [tf.DepthwiseConv2dNativeBackpropFilter]: depthwiseBackpropFilter,
  [tf.DepthwiseConv2dNativeBackpropInput]: depthwiseBackpropInput,
  [tf.Conv3D]: conv3D,
  [tf.Conv3DBackpropFilterV2]: conv3DBackpropFilter,
  [tf.Conv3DBackpropInputV2]: conv3DBackpropInput,
  [tf.MaxPool3D]: maxPool3D,
  [tf.MaxPool3DGrad]: maxPool3DGrad,
  [tf.AvgPool3D]: avgPool3D,
  [tf.AvgPool3DGrad]: avgPool3DGrad,
  [tf.MaxPoolGrad]: maxPoolGrad,
  [tf.AvgPoolGrad]: avgPoolGrad,
  [tf.Sum]: sum,
  [tf.Mean]: mean,
  [tf.Max]: extreme(true),
  [tf.Min]: extreme(false),
  [tf.UnsortedSegmentSum]: unsortedSegmentSum,
  [tf.FusedBatchNorm]: fusedBatchNorm,
  [fused.NORMALIZE]: normalize,
  [fused.NORMALIZE_GRAD]: normalizeGrad,
  [tf.Exp]: unary('exp'),
  [tf.Log]: unary('log'),
  [tf.Tanh]: unary('tanh'),
  [tf.Erf]: unary('erf'),
  [tf.Sign]: unary('sign'),
  [tf.Softplus]: unary('softplus'),
  [tf.EluGrad]: eluGrad,
  [tf.Add]: arithmetic('+'),
  [tf.Sub]: arithmetic('-'),
  [tf.Multiply]: arithmetic('*'),
  [tf.RealDiv]: arithmetic('/'),
  [tf.Maximum]: extremes(true),
  [tf.Minimum]: extremes(false),
  [tf.Greater]: comparison('>'),
  [tf.GreaterEqual]: comparison('>='),
  [tf.Less]: comparison('<'),
  [tf.LessEqual]: comparison('<='),
  [tf.Equal]: comparison('=='),
  [tf.NotEqual]: comparison('!='),
  [tf.LogicalAnd]: logicalAnd,
  [tf.Select]: select,
  [fused.SOFTMAX_GRAD]: softmaxGrad,
  [fused.CROSS_ENTROPY]: crossEntropy,
  [fused.CROSS_ENTROPY_GRAD]: crossEntropyGrad,
  [fused.RELU_GRAD]: reluGrad,
  [fused.GELU]: activation('gelu'),
  [fused.GELU_WITH_SLOPE]: withSlope('geluWithSlope'),
  [fused.GELU_NEW]: activation('geluNew'),
  [fused.GELU_NEW_WITH_SLOPE]: withSlope('geluNewWithSlope'),
  [tf.Identity]: identity,
  [tf.Tile]: tile,
  [tf.GatherV2]: gather,
  [tf.Slice]: slice,
  [tf.Transform]: transform,
  [DROPOUT_KERNEL]: dropoutKernel,
  [DROP_BLOCK_KERNEL]: dropBlock,
  [CONCRETE_KERNEL]: concrete,
  [CONCRETE_GRAD_KERNEL]: concreteGrad,
  [CONCRETE_PENALTY_KERNEL]: concretePenalty,
  [CONCRETE_PENALTY_GRAD_KERNEL]: concretePenaltyGrad,
  [NOISE_KERNEL]: noise,
  [ADD_NOISE_KERNEL]: withNoise(false),
  [MULTIPLY_NOISE_KERNEL]: withNoise(true),
  [READ_KERNEL]: read,
  [FINITE_KERNEL]: finite,
  [L2_KERNEL]: l2,
  [PROJECT_KERNEL]: projectColumns,
  [ELASTIC_KERNEL]: elastic,
  [ELASTIC_GRAD_KERNEL]: elasticGrad,
  [DOTS_KERNEL]: dots,
  [CLIP_UNITS_KERNEL]: clipUnits,
  [GROUP_NORM_KERNEL]: groupNorm,
  [GROUP_NORM_GRAD_KERNEL]: groupNormGrad,
  [COLORS_KERNEL]: colors,
  [WEIGHT_NORM_KERNEL]: weightNorm,
  [WEIGHT_NORM_GRAD_KERNEL]: weightNormGrad,
  [POWER_ITERATION_KERNEL]: powerIteration,
  [SPECTRAL_NORM_KERNEL]: spectralNorm,
  [SPECTRAL_NORM_GRAD_KERNEL]: spectralNormGrad,
  [BLEND_KERNEL]: blend,
  [SGD_KERNEL]: sgd,
  [MOMENTUM_KERNEL]: momentum,
  [ADAM_KERNEL]: adam,
  [recurrent.LSTM]: lstm,
  [recurrent.LSTM_GRAD]: lstmGrad,
  [recurrent.GRU]: gru,
  [recurrent.GRU_GRAD]: gruGrad,
  [recurrent.RESET_AFTER_GRU]: resetAfterGRU,
  [recurrent.RESET_AFTER_GRU_GRAD]: resetAfterGRUGrad,
  [recurrent.SIMPLE_RNN]: simpleRNN,
  [recurrent.SIMPLE_RNN_GRAD]: simpleRNNGrad,
  [recurrent.ROWS_PRODUCT]: rowsProduct,
  [recurrent.STATE_PRODUCT]: stateProduct,
};
