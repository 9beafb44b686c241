import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { readDigits } from '../scripts/digits.ts';
import { digitsRace } from '../src/scenes/digits/course.ts';
import { type Digits, encodeDigits, type RawDigits } from '../src/scenes/digits/file.ts';
import { params, type Settings } from '../src/scenes/digits/params.ts';
import { program } from '../src/scenes/digits/program.ts';
import { type Epoch, type Report, twins } from '../src/scenes/digits/reports.ts';
import { verdict } from '../src/scenes/digits/story.ts';
import { defaultsOf } from '../src/stage/params.ts';
import type { Race } from '../src/stage/worker/race.ts';
import { runProgram } from './program.ts';
import { turns } from './turns.ts';

let digits: Digits;
beforeAll(async () => {
  await tf.setBackend('wasm');
  await install();
  const few = ({ pixels, labels }: RawDigits, count: number): RawDigits => ({
    pixels: pixels.subarray(0, count * 784),
    labels: labels.subarray(0, count),
  });
  const all = await readDigits();
  digits = { train: few(all.train, 100), validation: few(all.validation, 50) };
});

const small: Settings = { ...defaultsOf(params), trainSize: 100, epochs: 3 };

/** Runs a session to its end, and checks that it leaves no tensor behind. */
async function play(
  settings: Settings,
  react: (event: Report, session: Race<Settings>) => unknown = () => {},
  own: Digits = digits,
) {
  const reports: Report[] = [];
  const tensors = tf.memory().numTensors;
  const session = digitsRace(settings, own, report => {
    reports.push(report);
    react(report, session);
  });
  const failure = await session.run().catch((error: unknown) => (error instanceof Error ? error.message : error));
  expect(tf.memory().numTensors).toBe(tensors);
  const epochs = reports.flatMap(report => (report.type === 'epoch' ? [report.epoch] : []));
  return { failure, epochs };
}

test('reports every epoch of both twins, and ends', async () => {
  const { failure, epochs } = await play(small);
  expect(failure).toBeUndefined();
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  for (const { plain, regularized, costs, gain, devDigits } of epochs) {
    for (const point of [plain, regularized]) {
      expect(point.gap).toBe(point.validationLoss - point.trainLoss);
      expect(point.validationCost).toBeCloseTo(point.validationLoss + point.validationPenalty, 6);
      expect(point.trainError).toBeGreaterThanOrEqual(0);
    }
    expect(plain.trainPenalty).toBe(0);
    // two batches of 50, and J of an epoch is the mean of its iterations'
    expect(costs.plain).toHaveLength(2);
    expect((costs.regularized[0]! + costs.regularized[1]!) / 2).toBeCloseTo(regularized.trainCost, 5);
    expect(devDigits).toBe(50);
    expect(gain.value).toBeCloseTo(plain.validationError - regularized.validationError, 6);
    // λ Σ w² on the weights at the end of the epoch
    expect(regularized.validationPenalty).toBeCloseTo(1e-4 * regularized.squaredNorm, 5);
  }
});

test('twins that nothing regularizes are equal in every bit of every epoch', async () => {
  const off = { keepProbInput: 1, keepProb1: 1, keepProb2: 1, lambda: 0, maxNorm: 0 };
  const { epochs } = await play({ ...small, ...off });
  expect(epochs).toHaveLength(3);
  for (const { plain, regularized } of epochs) expect(regularized).toEqual(plain);
});

test('several seeds: numbers are means, all seeds lie in the band, and the program to copy says the same', async () => {
  const all = await readDigits();
  const settings = { ...small, epochs: 1, seeds: 2 };
  const { epochs } = await play(settings, () => {}, all);
  const last = epochs.at(-1)!;
  for (const twin of twins)
    for (const quantity of ['trainCost', 'validationError', 'squaredNorm'] as const) {
      const [lower, upper] = [last.band!.lower[twin][quantity], last.band!.upper[twin][quantity]];
      expect(lower).toBeLessThan(last[twin][quantity]);
      expect(upper).toBeGreaterThan(last[twin][quantity]);
    }
  expect(last.band!.lower.costs.plain).toHaveLength(2);
  const server = createServer((_, response) => response.end(encodeDigits(all))).listen(0, 'localhost');
  try {
    await once(server, 'listening');
    const printed = await runProgram(program(settings, `http://localhost:${(server.address() as AddressInfo).port}/`));
    const [, plain, regularized] = /plain (\S+), regularized (\S+)$/m.exec(printed)!;
    expect(Number(plain)).toBeCloseTo(last.plain.validationError, 6);
    expect(Number(regularized)).toBeCloseTo(last.regularized.validationError, 6);
    const [, ...found] = /lower by (\S+), between (\S+) and (\S+)$/m.exec(printed)!;
    const { value, lower, upper } = last.gain;
    expect(found.map(Number)).toEqual([value, lower, upper].map(own => expect.closeTo(own, 6)));
  } finally {
    server.close();
  }
  expect(verdict(last, 2)).toMatch(/2 seeds.*95\s% interval/);
});

test('the same seed gives the same run', async () => {
  const [first, second]: Epoch[][] = [(await play(small)).epochs, (await play(small)).epochs];
  expect(second).toEqual(first);
});

test('controls act in mid-run', async () => {
  const off = { ...small, keepProbInput: 1, keepProb1: 1, keepProb2: 1, lambda: 0, maxNorm: 0 };
  const { epochs } = await play(off, (event, session) => {
    if (event.type === 'epoch' && event.epoch.epoch === 1) session.change({ ...off, lambda: 1e-2, maxNorm: 0.5 });
  });
  const [first, ...later] = epochs;
  expect(first!.regularized).toEqual(first!.plain);
  for (const { plain, regularized } of later) {
    expect(regularized.trainPenalty).toBeGreaterThan(0);
    // 202 units, each of norm ½ at most
    expect(regularized.squaredNorm).toBeLessThanOrEqual(202 * 0.25 * (1 + 1e-5));
    expect(plain.squaredNorm).toBeGreaterThan(202 * 0.25);
  }
});

test('stops when told to, and keeps what it has shown', async () => {
  const { failure, epochs } = await play({ ...small, epochs: 50 }, (event, session) => {
    if (event.type === 'epoch') session.stop();
  });
  expect(epochs.length).toBeLessThanOrEqual(2);
  expect(failure).toBeUndefined();
});

test('holds both twins while paused', async () => {
  const order: string[] = [];
  await play(small, async (event, session) => {
    if (event.type !== 'epoch') return;
    order.push(`epoch ${event.epoch.epoch}`);
    if (event.epoch.epoch !== 1) return;
    session.pause();
    // a step takes one or two
    await turns(500);
    order.push('resumed');
    session.resume();
  });
  expect(order).toEqual(['epoch 1', 'resumed', 'epoch 2', 'epoch 3']);
});

test('a run that diverges says why, in both twins at once', async () => {
  await tf.setBackend('cpu');
  const { failure } = await play({ ...small, learningRate: 1e30 });
  expect(failure).toMatch(/J is NaN.*Lower the learning rate/s);
});
