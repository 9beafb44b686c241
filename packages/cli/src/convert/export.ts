/** Exports a saved model to Python. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exportKeras, exportTorch } from '@keepprob/convert';
import { flatten, OptionError, type Plugins } from '@keepprob/core';
import { directoryStore } from '@keepprob/trainer/node';
import type { LayersModel } from '@tensorflow/tfjs';
import { savedModel } from '../config/make/savedModel.ts';
import * as messages from '../config/messages.ts';
import { subjectOf } from '../doctor/subject.ts';
import { openBackend } from '../run/backend.ts';
import { wrapped } from '../run/wrapped.ts';
import { checkFolder } from '../run/writable.ts';

/** Options of the command line. */
export interface ExportOptions {
  readonly to: 'torch' | 'keras';
  readonly out: string;
  readonly config?: string;
  readonly force?: boolean;
}

const files = ['model.py', 'model.safetensors'];

/** Plugins that are part of a model; the others only affect training and are not exported. */
const terms = ['l1', 'l2', 'elasticNet', 'weightDecay', 'maxNorm', 'minMaxNorm', 'unitNorm', 'nonNegative'];

/** @throws OptionError, DataError, ConvertError before anything is written */
export async function exportModel(path: string, options: ExportOptions): Promise<void> {
  const { to, out, force = false } = options;
  const there = files.map(file => join(out, file)).find(file => existsSync(file));
  if (there !== undefined && !force) throw new OptionError(messages.holdsFile(there));
  checkFolder('export', '--out', out);
  await openBackend('cpu', 1);
  const model = await savedModel(path);
  try {
    const [plugins, left] = await pluginsFor(path, model, options);
    const { script, weights } = await (to === 'torch' ? exportTorch : exportKeras)(model, { plugins });
    const folder = directoryStore(out);
    await folder.write('model.safetensors', weights);
    await folder.write('model.py', new TextEncoder().encode(script));
    if (left.length) console.error(wrapped('left out', `${left.join(', ')}: not part of a model; set it in Python`));
    console.error(wrapped('written', `model.py and model.safetensors in ${out}`));
  } finally {
    model.dispose();
  }
}

/** The plugins of a config that belong to a model, and the names of the others. */
async function pluginsFor(
  path: string,
  model: LayersModel,
  { config }: ExportOptions,
): Promise<readonly [Plugins[], string[]]> {
  if (config === undefined) return [[], []];
  const { plugins } = await subjectOf(path, model, { config });
  const all = flatten(plugins);
  return [
    all.filter(({ name }) => terms.includes(name)),
    all.map(({ name }) => name).filter(name => !terms.includes(name)),
  ];
}
