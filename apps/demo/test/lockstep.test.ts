import { expect, test } from 'vitest';
import { Lockstep } from '../src/stage/worker/lockstep.ts';

const wait = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

/** Two loops, one of them slow; the log says in which order they stepped. */
function race(lockstep: Lockstep, steps: number): { log: string[]; done: Promise<unknown> } {
  const log: string[] = [];
  const loop = async (name: string, delay: number): Promise<void> => {
    for (let i = 0; i < steps; i++) {
      await wait(delay);
      log.push(`${name}${i}`);
      await lockstep.meet();
    }
  };
  return { log, done: Promise.all([loop('a', 0), loop('b', 3)]) };
}

test('neither of two loops gets a step ahead', async () => {
  const { log, done } = race(new Lockstep(2, new AbortController().signal), 5);
  await done;
  const counts = { a: 0, b: 0 };
  for (const entry of log) {
    counts[entry[0] as 'a' | 'b']++;
    expect(Math.abs(counts.a - counts.b)).toBeLessThanOrEqual(1);
  }
  expect(counts).toEqual({ a: 5, b: 5 });
});

test('a pause holds both, resume lets them go on', async () => {
  const lockstep = new Lockstep(2, new AbortController().signal);
  const { log, done } = race(lockstep, 5);
  lockstep.pause();
  await wait(40);
  expect(log).toEqual(['a0', 'b0']);
  lockstep.resume();
  await done;
  expect(log).toHaveLength(10);
});

test('an abort frees whoever waits, paused or not', async () => {
  const abort = new AbortController();
  const lockstep = new Lockstep(2, abort.signal);
  const alone = lockstep.meet();
  lockstep.pause();
  abort.abort();
  await alone;
  await lockstep.meet();
});
