/** A long run with plugins, listeners and checkpoints, which holds no more at its end than at its beginning. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'vitest';

interface Held {
  readonly numTensors: number;
  readonly numDataBuffers: number;
  readonly numBytes: number;
  readonly heapUsed: number;
  readonly arrayBuffers: number;
}

const program = fileURLToPath(new URL('../programs/longRun.mjs', import.meta.url));
/** Without a compiler at work, whose code and profiles come and go, the heap after a collection is known to a few hundred bytes. */
const flags = ['--expose-gc', '--jitless', '--no-flush-bytecode', '--no-lazy-feedback-allocation'];
/** An object with one field. */
const SMALLEST = 32;

/** No tensor more, and less than the smallest object for each update. */
export async function holdsNoMore(updates: number): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'keepprob-long-'));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, directory, `${updates}`]);
    const held = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Held);
    expect(held).toHaveLength(10);
    const tensors = held.map(({ numTensors, numDataBuffers, numBytes }) => ({ numTensors, numDataBuffers, numBytes }));
    // from the first saved epoch on
    expect(new Set(tensors.slice(1).map(t => JSON.stringify(t))).size).toBe(1);
    const [half, end] = [held[4]!, held[9]!];
    // the history of the epochs is in it
    expect(end.heapUsed - half.heapUsed).toBeLessThan((updates / 2) * SMALLEST);
    expect(end.arrayBuffers - half.arrayBuffers).toBeLessThan((updates / 2) * SMALLEST);
    // all of it was on
    expect((await readdir(directory)).sort()).toEqual(['checkpoints', 'events', 'run.csv', 'run.jsonl']);
    expect(await readdir(join(directory, 'checkpoints'))).toHaveLength(3);
  } finally {
    await rm(directory, { recursive: true });
  }
}
