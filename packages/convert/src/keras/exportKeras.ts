import { callsIn, isModel } from '@keepprob/core/driver';
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers';
import * as messages from '../messages.ts';
import { checkedExport, type Exported, type ExportOptions, numbersIn } from '../network/exported.ts';
import { maskedOtherwise } from '../network/masks.ts';
import { heldWeights } from '../network/terms.ts';
import { literal } from '../python/literal.ts';
import type { SafeTensor } from '../safetensors/dtypes.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { type Floats, stored } from '../torch/numbers.ts';
import { type KerasScript, refuse } from './layer.ts';
import { layerNames, ModelBuilder } from './model.ts';

/**
 * Exports a model as a Keras 3 script and its weights, for training that outgrows a machine: `build()` makes the architecture as a person would write it,
 * with the regularizers and constraints of the layers and of `plugins`, and `load()` loads the weights. Dropout and noise are translated; a schedule becomes
 * its last value.
 * @returns the text of `model.py` and the bytes of `model.safetensors`
 * @example
 * const { script, weights } = await exportKeras(model, { plugins: [maxNorm(3)] });
 * script.includes('keras.constraints.MaxNorm(3, axis=0)'); // true
 * await writeFile('model.py', script); // of node:fs/promises
 * await writeFile('model.safetensors', weights);
 * @throws ConvertError (`untranslatable`) that names the first layer or plugin without an equivalent in Keras; OptionError if `model` is not a built model
 */
export async function exportKeras(model: LayersModel, options: ExportOptions = {}): Promise<Exported> {
  const { plugins } = checkedExport('exportKeras', model, options);
  const other = maskedOtherwise(model);
  if (other) refuse(other, other.name, messages.otherMask);
  const script: KerasScript = {
    held: heldWeights('exportKeras', model, plugins),
    helpers: new Set(),
    notes: new Set(),
  };
  const builder = new ModelBuilder(script);
  const main = builder.build(model, 'build');
  const tensors: Record<string, SafeTensor> = Object.create(null);
  collect(tensors, model, '', await numbersIn(model));
  return { script: whole(script, [...builder.functions, main].join('\n')), weights: writeSafetensors(tensors) };
}

/** The weights of each layer, by layer name and position. The order is the same in Keras: trained weights first. */
function collect(
  tensors: Record<string, SafeTensor>,
  model: LayersModel,
  prefix: string,
  numbersOf: (weight: LayerVariable) => Floats,
): void {
  const names = layerNames(model);
  for (const layer of new Set(callsIn(model).map(({ layer }) => layer))) {
    const name = `${prefix}${names.get(layer) ?? layer.name}`;
    // a nested model has the name that its own function gives it
    if (isModel(layer)) collect(tensors, layer, `${prefix}${layer.name.replace(/[^\w.-]+/g, '_')}/`, numbersOf);
    else for (const [i, weight] of layer.weights.entries()) tensors[`${name}/${i}`] = stored(numbersOf(weight));
  }
}

const helpers = {
  keras2_hard_sigmoid: `
@keras.saving.register_keras_serializable("keepprob")
def keras2_hard_sigmoid(x):
    """With slope 0.2, as TensorFlow.js has it; Keras 3 has 1/6, and would take a function of that name for its own."""
    return keras.ops.clip(0.2 * x + 0.5, 0, 1)

`,
  gelu_tanh: `
@keras.saving.register_keras_serializable("keepprob")
def gelu_tanh(x):
    return keras.ops.gelu(x, approximate=True)

`,
};

function optimizerFunction({ held }: KerasScript): string {
  const decay = held.find(one => one.decay)?.decay;
  if (!decay) return '';
  return `
def optimizer(model, learning_rate=1e-3):
    """AdamW that decays kernels alone."""
    adamw = keras.optimizers.AdamW(learning_rate, weight_decay=${literal(decay)})
    adamw.exclude_from_weight_decay(var_list=[v for v in model.trainable_variables if "kernel" not in v.name])
    return adamw

`;
}

function whole(script: KerasScript, body: string): string {
  const notes = [...script.notes].map(note => `${note}\n`).join('');
  const text = `"""A model of TensorFlow.js for Keras 3 (pip install keras safetensors). Written by @keepprob/convert.

    from model import load

    model = load()   # with its weights; compile it before you train it
${notes}"""

from pathlib import Path

import keras
from keras import layers
from safetensors.numpy import load_file

${[...script.helpers].map(name => helpers[name]).join('')}${body}
${optimizerFunction(script)}
def set_weights(model, numbers, prefix=""):
    for layer in model.layers:
        name = prefix + layer.name
        if isinstance(layer, keras.Model):
            set_weights(layer, numbers, name + "/")
        elif layer.weights:
            layer.set_weights([numbers[f"{name}/{i}"] for i in range(len(layer.weights))])


def load(weights=Path(__file__).with_name("model.safetensors")):
    """The model with its weights."""
    model = build()
    set_weights(model, load_file(weights))
    return model
`;
  return text.replace(/\n{4,}/g, '\n\n\n');
}
