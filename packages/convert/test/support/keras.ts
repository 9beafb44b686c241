/** Models that went through Keras: their scripts are run in Python, where their models are saved. Where Keras is not installed, a stand-in takes its place (Debian's python3-h5py writes). */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Exported } from '../../src/index.ts';

const python = '/usr/bin/python3';
const program = fileURLToPath(new URL('python/save_keras.py', import.meta.url));

export const hasH5py: boolean = spawnSync(python, ['-c', 'import h5py']).status === 0;

/** The .keras file of each script, all made in one process. */
export function inKeras(scripts: Readonly<Record<string, Exported>>): Record<string, Uint8Array> {
  const root = mkdtempSync(join(tmpdir(), 'keepprob-keras-'));
  try {
    for (const [name, { script, weights }] of Object.entries(scripts)) {
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, 'model.py'), script);
      writeFileSync(join(root, name, 'model.safetensors'), weights);
    }
    const names = Object.keys(scripts);
    execFileSync(python, [program, ...names.map(name => join(root, name))], { encoding: 'utf8' });
    return Object.fromEntries(
      names.map(name => [name, Uint8Array.from(readFileSync(join(root, name, 'model.keras')))]),
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}
