import { graphsOf } from '@keepprob/core/driver';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkedExport, type Exported, type ExportOptions, numbersIn } from '../network/exported.ts';
import { heldWeights } from '../network/terms.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { helperNames, helperText } from './helpers.ts';
import { outside } from './layout.ts';
import { classOf } from './model.ts';
import { termFunctions } from './terms.ts';
import type { Script } from './writer.ts';

/**
 * Exports a model as a PyTorch script and its weights, for training that outgrows a machine: `class Net(nn.Module)`, `load()`, and, if the model or `plugins`
 * need them, `penalty(model)` to add to the loss, `constrain(model)` to call after each step, and `parameter_groups(model)` for AdamW. Predictions agree
 * to within 10⁻⁵.
 *
 * Layouts change: dense kernels [in, out] → [out, in], convolutions [h, w, in, out] → [out, in, h, w], gates in PyTorch's order. Images are channels first,
 * [N, C, H, W]; all other tensors stay as they are. Dropout, noise, L1, L2 and constraints are translated; a schedule becomes its last value.
 * @returns the text of `model.py` and the bytes of `model.safetensors`
 * @example
 * const { script, weights } = await exportTorch(model, { plugins: [l2(1e-4)] });
 * script.includes('nn.Linear(8, 2)'); // true
 * await writeFile('model.py', script); // of node:fs/promises
 * await writeFile('model.safetensors', weights);
 * @throws ConvertError (`untranslatable`) that names the first layer or plugin without an equivalent in PyTorch; OptionError if `model` is not a built model
 */
export async function exportTorch(model: LayersModel, options: ExportOptions = {}): Promise<Exported> {
  const { plugins } = checkedExport('exportTorch', model, options);
  const held = heldWeights('exportTorch', model, plugins);
  const numbersOf = await numbersIn(model);
  const script: Script = {
    helpers: new Set(),
    tensors: Object.create(null),
    parameters: new Map(),
    numbersOf,
    classes: [],
    classNames: new Set([...helperNames, 'Net', 'Path']),
    notes: new Set(),
  };
  const net = classOf(script, model, '', 'Net');
  const terms = termFunctions(script, held);
  const body = `${helperText(script.helpers)}${script.classes.join('')}${net}${terms}`;
  return { script: whole(model, script, body), weights: writeSafetensors(script.tensors) };
}

/** The shapes of the inputs in the layout of the script: `Input: [N, 3, 32, 32].` */
function shapesOf(model: LayersModel): string {
  const shown = model.inputs.map(({ shape }) => {
    const [, ...rest] = shape.map(size => (size === null ? '?' : String(size)));
    const sizes = outside(shape) === 'first' ? [rest.at(-1), ...rest.slice(0, -1)] : rest;
    return `[${['N', ...sizes].join(', ')}]`;
  });
  return `${shown.length > 1 ? 'Inputs' : 'Input'}: ${shown.join(', ')}.`;
}

function whole(model: LayersModel, { notes }: Script, body: string): string {
  const images = graphsOf(model)[0].model.inputs.some(({ shape }) => outside(shape) === 'first')
    ? ['Images come channels first: x.permute(0, 3, 1, 2) of those that the model took in TensorFlow.js.']
    : [];
  const usage = [
    ...(body.includes('def penalty(') ? ['loss = criterion(model(x), y) + penalty(model)'] : []),
    ...(body.includes('def constrain(') ? ['optimizer.step(); constrain(model)'] : []),
  ];
  const functional = body.includes('F.') ? 'import torch.nn.functional as F\n' : '';
  return `"""A model of TensorFlow.js for PyTorch (pip install torch safetensors). Written by @keepprob/convert.

    from model import load

    model = load()   # with its weights, as it predicts; model.train() switches dropout on
${usage.map(line => `    ${line}\n`).join('')}
${[shapesOf(model), ...images, ...notes].join('\n')}
"""

from pathlib import Path

import torch
${functional}from safetensors.torch import load_file
from torch import nn

${body.replace(/\n{4,}/g, '\n\n\n').trimEnd()}


def load(weights=Path(__file__).with_name("model.safetensors")):
    """The model with its weights, as it predicts."""
    model = Net()
    model.load_state_dict(load_file(weights))
    return model.eval()
`;
}
