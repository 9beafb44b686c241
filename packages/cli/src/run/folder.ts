/** The files of a run. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OptionError } from '@keepprob/core';
import type { RunListener } from '@keepprob/trainer';
import { csv, jsonLines, storageError, tensorBoard } from '@keepprob/trainer/node';
import * as messages from '../config/messages.ts';

const names = {
  model: 'model.json',
  weights: 'weights.bin',
  // where the weights are while a model is replaced
  otherWeights: 'weights-2.bin',
  preprocessing: 'preprocessing.json',
  checkpoints: 'checkpoints',
  jsonLines: 'log.jsonl',
  csv: 'log.csv',
  tensorBoard: 'tensorboard',
} as const;

/** The paths of all files that a run makes. */
export type RunFiles = Readonly<Record<keyof typeof names, string>>;

export const filesIn = (folder: string): RunFiles =>
  Object.fromEntries(Object.entries(names).map(([what, name]) => [what, join(folder, name)])) as RunFiles;

/** @throws OptionError if there is a run already */
export function checkFree(folder: string): void {
  if (Object.values(filesIn(folder)).some(existsSync)) throw new OptionError(messages.holdsRun(folder));
}

/** Removes the files of an earlier run once this one begins. */
function replacing(files: RunFiles): RunListener {
  return ({ type, step }) => {
    if (type !== 'begin' || step !== 0) return;
    for (const file of Object.values(files)) remove(file);
  };
}

function remove(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    throw storageError(error, 'remove', path);
  }
}

/** The logs of a run, preceded by the removal of an earlier run if requested. */
export const listenersIn = (files: RunFiles, replace: boolean): RunListener[] => [
  ...(replace ? [replacing(files)] : []),
  jsonLines(files.jsonLines),
  csv(files.csv),
  tensorBoard(files.tensorBoard),
];
