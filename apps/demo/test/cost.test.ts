import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { costCourse } from '../src/scenes/cost/course.ts';
import { risesOf } from '../src/scenes/cost/figures.ts';
import { params, type Settings } from '../src/scenes/cost/params.ts';
import { program } from '../src/scenes/cost/program.ts';
import type { Iteration } from '../src/scenes/cost/reports.ts';
import { defaultsOf } from '../src/stage/params.ts';
import { Race } from '../src/stage/worker/race.ts';
import { costsIn, runProgram } from './program.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await install();
});

const small: Settings = { ...defaultsOf(params), iterations: 100 };

async function play(settings: Settings): Promise<Iteration[]> {
  const iterations: Iteration[] = [];
  const tensors = tf.memory().numTensors;
  await new Race(costCourse(settings, report => iterations.push(...report))).run();
  expect(tf.memory().numTensors).toBe(tensors);
  return iterations;
}

test('J falls in every iteration with dropout off, and does not with it on; the program to copy says the same', async () => {
  const iterations = await play(small);
  expect(iterations.map(({ iteration }) => iteration)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  expect(risesOf(iterations, 'off')).toEqual([]);
  const rises = risesOf(iterations, 'on').length;
  expect(rises).toBeGreaterThan(15);
  expect(risesOf(iterations, 'clean').length).toBeLessThan(rises / 2);
  // the same weights at first
  expect(iterations[0]!.clean).toBeCloseTo(iterations[0]!.off, 6);
  const printed = await runProgram(program(small));
  const { off, on } = costsIn(printed);
  expect(off).toBeCloseTo(iterations.at(-1)!.off, 6);
  expect(on).toBeCloseTo(iterations.at(-1)!.on, 6);
  expect(printed).toContain(`${rises} rises`);
});

test('with dropout off in both, both are one, and J as minimized is J as seen', async () => {
  for (const { off, on, clean } of await play({ ...small, iterations: 20, dropout: 'off' })) {
    expect(on).toBe(off);
    expect(clean).toBeCloseTo(on, 6);
  }
});

test('a learning rate that is too high makes J rise without dropout', async () => {
  expect(risesOf(await play({ ...small, learningRate: 5, dropout: 'off' }), 'off').length).toBeGreaterThan(0);
});
