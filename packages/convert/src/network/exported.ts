/** The options and results of exports. */
import { OptionError, type OptionSpecs, option, type Plugins } from '@keepprob/core';
import { checkModel, checkOptions } from '@keepprob/core/driver';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import type { Floats } from '../torch/numbers.ts';

/** Options of `exportKeras` and `exportTorch`. */
export interface ExportOptions {
  /**
   * Training plugins whose terms the script should include, since they are not part of the model: `l1`, `l2`, `elasticNet`, `weightDecay`, `maxNorm`,
   * `minMaxNorm`, `unitNorm`, `nonNegative`, each with numbers and for all kernels. None by default.
   */
  readonly plugins?: Plugins;
}

/** An exported model: write both files into one folder. */
export interface Exported {
  /** A Python script with the architecture, which loads the weights from `model.safetensors` next to it. */
  readonly script: string;
  /** The bytes of `model.safetensors`. */
  readonly weights: Uint8Array<ArrayBuffer>;
}

const specs: OptionSpecs<ExportOptions> = {
  plugins: option.custom<Plugins>('a list of plugins', Array.isArray, { fallback: [] }),
};

/** @throws OptionError if `model` is not a built model, and for unknown options */
export function checkedExport(owner: string, model: LayersModel, options: ExportOptions): Required<ExportOptions> {
  checkModel(model);
  const checked = checkOptions<ExportOptions>(owner, specs, options);
  if (!model.weights.every(weight => weight.read().dtype === 'float32'))
    throw OptionError.of(owner, 'model', 'weights of type float32', model);
  return checked;
}

/** The numbers of all weights, read from the backend at once. */
export async function numbersIn(model: LayersModel): Promise<(weight: LayerVariable) => Floats> {
  const weights = model.weights.map(weight => weight.read());
  const all = await Promise.all(weights.map(async weight => Float32Array.from(await weight.data())));
  const known = new Map(
    weights.map((weight, i) => [weight, { shape: weight.shape, data: all[i] ?? new Float32Array() }]),
  );
  return weight => known.get(weight.read()) ?? { shape: [0], data: new Float32Array() };
}
