import { basename, dirname } from 'node:path';
import type { Preprocessing } from '@keepprob/trainer/model';
import { directoryStore, saveModel } from '@keepprob/trainer/node';
import type { LayersModel } from '@tensorflow/tfjs';
import type { RunFiles } from './folder.ts';

/** Saves a model where a run keeps it, with its preprocessing next to it. */
export async function save(
  model: LayersModel,
  preprocessing: Preprocessing | undefined,
  files: Pick<RunFiles, 'model'>,
): Promise<void> {
  await saveModel(model, files.model, { preprocessing: preprocessing ?? null });
}

/** Writes a JSON file, completely or not at all. */
export const writeJson = (path: string, content: unknown, indent?: number): Promise<void> =>
  writeText(path, `${JSON.stringify(content, null, indent)}\n`);

/** Writes a text file, completely or not at all. */
export const writeText = (path: string, content: string): Promise<void> =>
  directoryStore(dirname(path)).write(basename(path), Buffer.from(content));
