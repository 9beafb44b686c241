/** Converts a model of Keras to one of TensorFlow.js. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OptionError } from '@keepprob/core';
import { saveModel } from '@keepprob/trainer/node';
import { kerasModel } from '../config/make/kerasModel.ts';
import * as messages from '../config/messages.ts';
import { openBackend } from '../run/backend.ts';
import { wrapped } from '../run/wrapped.ts';
import { checkFolder } from '../run/writable.ts';

/** Options of the command line. */
export interface ImportOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly weights?: readonly string[];
}

/** @throws OptionError, DataError, ConvertError before anything is written */
export async function importModel(file: string, { out, force = false, weights }: ImportOptions): Promise<void> {
  const there = join(out, 'model.json');
  if (existsSync(there) && !force) throw new OptionError(messages.holdsFile(there));
  checkFolder('import', '--out', out);
  await openBackend('cpu', 1);
  const model = await kerasModel(file, weights);
  try {
    await saveModel(model, out);
    const count = model.countParams();
    console.error(wrapped('written', `${model.layers.length} layers, ${count} weights, in ${there}`));
  } finally {
    model.dispose();
  }
}
