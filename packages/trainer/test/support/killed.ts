/** A run that is killed for good (SIGKILL) at random moments, in mid-write too, and resumed each time. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const program = fileURLToPath(new URL('../programs/resumable.mjs', import.meta.url));

interface Outcome {
  readonly weights: string | undefined;
  readonly lastStep: number;
}

/** Runs the program; kills it `delay` ms after it has done its first update. */
const run = (args: readonly string[], delay?: number): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let errors = '';
    let armed = delay !== undefined;
    child.stderr.on('data', chunk => {
      errors += chunk;
    });
    child.stdout.on('data', chunk => {
      text += chunk;
      if (!armed || !text.includes('step ')) return;
      armed = false;
      setTimeout(() => child.kill('SIGKILL'), delay);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal !== 'SIGKILL' && code !== 0) return reject(new Error(errors));
      const steps = [...text.matchAll(/^step (\d+)$/gm)];
      resolve({ weights: /^weights (.*)$/m.exec(text)?.[1], lastStep: Number(steps.at(-1)?.[1] ?? 0) });
    });
  });

/** A run of 130 updates, killed within milliseconds of an update: most kills fall into a write or beside one. */
async function killed(times: number): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'keepprob-killed-'));
  try {
    let before = 0;
    for (let kills = 0; ; kills++) {
      const { weights, lastStep } = await run([directory], kills < times ? Math.random() * 12 : undefined);
      // what was saved is not lost: it goes on behind that, or does at most the update again that was told and not saved
      if (lastStep) expect(lastStep).toBeGreaterThanOrEqual(before);
      before = Math.max(before, lastStep);
      if (weights === undefined) continue;
      expect(kills).toBe(times);
      return weights;
    }
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Runs at the same time, each killed that often, end with the weights of one that was never killed. */
export async function endsAsIfNeverKilled(times: number, runs: number): Promise<void> {
  const { weights } = await run([]);
  expect(weights).toBeDefined();
  const ended = await Promise.all(Array.from({ length: runs }, () => killed(times)));
  expect(ended).toEqual(Array.from({ length: runs }, () => weights));
}
