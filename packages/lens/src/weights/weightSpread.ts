import { DataError, isKernel, type Weight, weightsOf } from '@keepprob/core';
import { checkModel } from '@keepprob/core/driver';
import { layerTree } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { draw } from '../finding/picture.ts';
import { labelsOf } from '../model/labels.ts';
import { type Data, openRows } from '../model/rows.ts';
import { addScaled, sum, zip } from '../statistics/vectors.ts';
import { type ActivationSums, activationsOf } from './activations.ts';
import { effectiveRank, singularValues } from './singularValues.ts';
import type { MatrixSpread, WeightSpread } from './types.ts';
import { spreadFigure, spreadText } from './weightSpreadWords.ts';

const MOST_SINGULAR_VALUES = 1024;

/**
 * How large the weights are, and how they are spread: squared norms, participation ratios, largest shares and effective ranks; with data also how sparse
 * the activations are, at inference.
 * @example
 * const { squaredNorm, matrices } = await weightSpread(model, { x });
 * matrices.map(({ layer }) => layer); // ['hidden1', 'hidden2', 'output']
 * @throws OptionError if `model` is not a built LayersModel; DataError for weights or data that are not finite
 */
export async function weightSpread(model: LayersModel, data?: Pick<Data, 'x'>): Promise<WeightSpread> {
  checkModel(model, 'weightSpread');
  const kernels = weightsOf(model).filter(isKernel);
  const labelOf = labelsOf(model);
  const rows = data === undefined ? undefined : await openRows('weightSpread', model, data, false);
  try {
    const activations = rows && (await activationsOf(model, rows, kernels));
    const matrices: MatrixSpread[] = [];
    for (const kernel of kernels)
      matrices.push({
        layer: labelOf(kernel.path),
        ...(await matrixSpread(kernel, activations?.get(kernel), dense(model, kernel))),
      });
    const found = {
      squaredNorm: matrices.reduce((sum, m) => sum + m.squaredNorm, 0),
      matrices,
      rows: rows?.count ?? 0,
    };
    return { ...found, text: spreadText(found), picture: () => draw(spreadFigure(found)) };
  } finally {
    rows?.dispose();
  }
}

const dense = (model: LayersModel, { variable }: Weight): boolean =>
  layerTree(model).some(
    ({ layer }) => layer.getClassName() === 'Dense' && layer.weights.some(w => w.read() === variable),
  );

async function matrixSpread(
  kernel: Weight,
  activations: ActivationSums | undefined,
  isDense: boolean,
): Promise<Omit<MatrixSpread, 'layer'>> {
  const { values, inputs, units } = await matrixOf(kernel);
  const squares = new Float64Array(units);
  const fourth = new Float64Array(units);
  let largest = new Float64Array(units);
  const byInput: number[] = [];
  for (let input = 0; input < inputs; input++) {
    const ofInput = Float64Array.from(values.subarray(input * units, (input + 1) * units), w => w * w);
    addScaled(squares, ofInput);
    addScaled(
      fourth,
      ofInput.map(square => square * square),
    );
    largest = largest.map((square, unit) => Math.max(square, ofInput[unit] ?? 0));
    byInput.push(sum(ofInput));
  }
  const participation = Float64Array.from(zip(squares, fourth, (s, f) => s ** 2 / f));
  const largestShare = Float64Array.from(zip(largest, squares, (l, s) => l / s));
  const small = Math.min(inputs, units) <= MOST_SINGULAR_VALUES;
  const energy = activations?.inputs;
  return {
    path: kernel.path,
    role: kernel.role,
    inputs,
    units,
    squaredNorm: sum(squares),
    participation,
    meanParticipation: meanOf(participation),
    largestShare,
    meanLargestShare: meanOf(largestShare),
    effectiveRank: small ? effectiveRank(singularValues(values, inputs, units)) : null,
    activations: activations ? { zeros: activations.zeros, sparsity: activations.sparsity } : null,
    activationWeightedNorm:
      isDense && energy?.length === inputs ? sum(zip(byInput, energy, (w2, h2) => w2 * h2)) : null,
  };
}

/** The kernel as a row-major matrix [inputs, units]: the axes that are summed into one unit come first. */
async function matrixOf({
  variable,
  fanInAxes,
  path,
}: Weight): Promise<{ values: Float32Array; inputs: number; units: number }> {
  const axes = variable.shape.map((_, axis) => axis);
  const inputs = variable.shape.filter((_, axis) => fanInAxes.includes(axis)).reduce((n, size) => n * size, 1);
  const matrix = tf.tidy(() =>
    tf.reshape(tf.transpose(variable, [...fanInAxes, ...axes.filter(a => !fanInAxes.includes(a))]), [inputs, -1]),
  );
  const values = (await matrix.data()) as Float32Array;
  matrix.dispose();
  if (!values.every(Number.isFinite))
    throw DataError.of(`weightSpread: "${path}"`, 'finite weights', 'NaN or Infinity among them');
  return { values, inputs, units: values.length / inputs };
}

/** The mean over the units that have weights. */
export function meanOf(values: Float64Array): number {
  const known = values.filter(Number.isFinite);
  return sum(known) / known.length;
}
