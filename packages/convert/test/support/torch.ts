/** What PyTorch predicts with an exported model, where Debian's python3-torch is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as tf from '@tensorflow/tfjs-core';
import type { Exported } from '../../src/index.ts';

const python = '/usr/bin/python3';
const program = fileURLToPath(new URL('python/predict.py', import.meta.url));

export const hasTorch: boolean = spawnSync(python, ['-c', 'import torch']).status === 0;

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export interface Answer {
  readonly outputs: readonly Numbers[];
  readonly penalty?: number;
  /** Weights after `constrain`. */
  readonly state?: Readonly<Record<string, readonly number[]>>;
  readonly frozen: readonly string[];
  readonly groups?: readonly (readonly [decay: number, parameters: number])[];
}

export const numbersOf = (tensor: tf.Tensor): Numbers => ({ shape: tensor.shape, data: [...tensor.dataSync()] });

interface Job {
  readonly exported: Exported;
  readonly inputs: readonly tf.Tensor[];
}

/** Runs all scripts in one process. */
export function inTorch(jobs: Readonly<Record<string, Job>>): { version: string; answers: Record<string, Answer> } {
  const root = mkdtempSync(join(tmpdir(), 'keepprob-torch-'));
  try {
    for (const [name, { exported, inputs }] of Object.entries(jobs)) {
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, 'model.py'), exported.script);
      writeFileSync(join(root, name, 'model.safetensors'), exported.weights);
      writeFileSync(join(root, name, 'x.json'), JSON.stringify(inputs.map(numbersOf)));
    }
    const folders = Object.keys(jobs).map(name => join(root, name));
    return JSON.parse(execFileSync(python, [program, ...folders], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
  } finally {
    rmSync(root, { recursive: true });
  }
}
