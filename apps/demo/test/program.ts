/** Runs a program that the page gives to copy. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** @returns what it printed; from inside the workspace, so that it finds the packages as built. */
export async function runProgram(program: string): Promise<string> {
  const folder = await mkdtemp(join(fileURLToPath(new URL('../dist/', import.meta.url)), 'program-'));
  try {
    const file = join(folder, 'train.mjs');
    await writeFile(file, program);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** `name: J number` of each line that says so. */
export const costsIn = (printed: string): Record<string, number> =>
  Object.fromEntries([...printed.matchAll(/^(\w+): J ([-\d.e]+)/gm)].map(([, name, cost]) => [name, Number(cost)]));
