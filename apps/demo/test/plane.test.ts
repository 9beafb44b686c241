import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { planeCourse } from '../src/scenes/plane/course.ts';
import { enlarged } from '../src/scenes/plane/field.ts';
import { textOf } from '../src/scenes/plane/own.ts';
import { params, type Settings } from '../src/scenes/plane/params.ts';
import { program } from '../src/scenes/plane/program.ts';
import { cells, networks, type Report } from '../src/scenes/plane/reports.ts';
import { instantOf } from '../src/scenes/plane/state.svelte.ts';
import { claims, troubleText, verdict } from '../src/scenes/plane/story.ts';
import { defaultsOf } from '../src/stage/params.ts';
import { dataNames, dataOf } from '../src/stage/points.ts';
import { Race } from '../src/stage/worker/race.ts';
import { costsIn, runProgram } from './program.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await install();
});

const small: Settings = { ...defaultsOf(params), points: 60, iterations: 40 };

async function play(settings: Settings, react: (report: Report, race: Race<Settings>) => void = () => {}) {
  const reports: Report[] = [];
  const tensors = tf.memory().numTensors;
  const race = new Race(
    planeCourse(settings, report => {
      reports.push(report);
      react(report, race);
    }),
  );
  await race.run();
  expect(tf.memory().numTensors).toBe(tensors);
  return reports;
}

test('looks at the first iteration, every twentieth, and leaves no tensor behind', async () => {
  const reports = await play(small);
  expect(reports.map(({ iteration }) => iteration)).toEqual([1, 20, 40]);
  const [first, , last] = reports;
  // the same weights; J of the second has the penalty
  expect(first!.looks.l2.cost).toBeGreaterThan(first!.looks.none.cost);
  expect(last!.looks.none.cost).toBeLessThan(first!.looks.none.cost);
  expect(last!.layers.map(({ name, kept }) => [name, kept.length])).toEqual([
    ['hidden1', 20],
    ['hidden2', 3],
  ]);
  for (const name of networks) expect(last!.looks[name].field).toHaveLength(cells * cells);
});

test('without λ and dropout the three are one; what is then set acts from there on', async () => {
  const reports = await play({ ...small, lambda: 0, keepProb: 1 }, ({ iteration }, race) => {
    if (iteration === 20) race.change({ ...small, keepProb: 0.3, lambda: 30 });
  });
  for (const { looks, iteration } of reports) {
    const same = iteration <= 20;
    expect(looks.l2.cost === looks.none.cost).toBe(same);
    expect(looks.dropout.cost === looks.none.cost).toBe(same);
  }
  const dropped = (report: Report | undefined): number => report!.layers[0]!.kept.filter(kept => !kept).length;
  expect(dropped(reports[1])).toBe(0);
  // of 20 at keep.prob 0.3
  expect(dropped(reports[2])).toBeGreaterThan(6);
});

test('several seeds train on the same points: the first is drawn, curves are means with all in the band, and the program to copy says the same', async () => {
  const settings = { ...small, iterations: 5, seeds: 3 };
  const last = (await play(settings)).at(-1)!;
  expect(last.looks).toEqual((await play({ ...settings, seeds: 1 })).at(-1)!.looks);
  const printed = await runProgram(program(settings));
  const costs = costsIn(printed);
  for (const name of networks) {
    const own = [1, 2, 3].map(seed => costs[`${name}${seed}`]!);
    const { lower, middle, upper } = last.over[name].cost;
    expect(middle).toBeCloseTo((own[0]! + own[1]! + own[2]!) / 3, 6);
    expect([lower, upper]).toEqual([expect.closeTo(Math.min(...own), 6), expect.closeTo(Math.max(...own), 6)]);
  }
  for (const name of ['l2', 'dropout'] as const) {
    const [, ...found] = new RegExp(`^${name}: dev error lower by (\\S+), between (\\S+) and (\\S+)$`, 'm').exec(
      printed,
    )!;
    const { value, lower, upper } = last.gains[name];
    expect(found.map(Number)).toEqual([value, lower, upper].map(own => expect.closeTo(own, 6)));
    expect(verdict(last, settings, name)).toMatch(/3 seeds.* \(95\s% interval of the difference/);
  }
});

test('a change in mid-run acts on every seed', async () => {
  const reports = await play({ ...small, lambda: 0, keepProb: 1, seeds: 2 }, ({ iteration }, race) => {
    if (iteration === 20) race.change({ ...small, keepProb: 0.3, lambda: 30, seeds: 2 });
  });
  for (const { over, iteration } of reports)
    for (const name of ['l2', 'dropout'] as const)
      for (const edge of ['lower', 'middle', 'upper'] as const)
        expect(over[name].cost[edge] === over.none.cost[edge]).toBe(iteration <= 20);
});

test('a learning rate that is too high is told: units that have died, and numbers that overflow, with the step', async () => {
  const settings = { ...small, learningRate: 10 };
  const reports = await play(settings);
  expect(troubleText({ instants: reports.map(instantOf), newest: reports.at(-1), settings })).toMatch(
    /^After iteration 40 .*(same everywhere|higher than in the first).* learning rate, 10, (is probably|may be) too high/,
  );
  const tensors = tf.memory().numTensors;
  const race = new Race(planeCourse({ ...small, learningRate: 1000 }, () => {}));
  await expect(race.run()).rejects.toThrow(
    /^(No regularization|L2|Dropout): .*(NaN|Infinity).* at step \d+ .*learning rate/s,
  );
  expect(tf.memory().numTensors).toBe(tensors);
});

test('claims come with what the course’s lab came to over draws of its points, as docs/lab.md has it', async () => {
  const newest = (await play({ ...small, iterations: 1 })).at(-1)!;
  const told = claims({ instants: [instantOf(newest)], newest, settings: small, changed: false });
  for (const i of [1, 2])
    expect(told[i]!.shown).toMatch(
      /further points, .*: .*draws?\b.*over the draws [+−][\d.]+ \([+−][\d.]+ … [+−][\d.]+\) points/,
    );
});

test('the program to copy gives the J that the page draws, also of points of one’s own, and their doubt', async () => {
  const { train } = dataOf({ data: 'moons', points: 40, noise: 0, seed: 5 });
  const own: Settings = { ...small, data: 'own', own: textOf(train), iterations: 20, doubt: 'on' };
  const looks = [(await play(small)).at(-1)!.looks, (await play(own)).at(-1)!.looks];
  expect(looks[1]!.none.wrongTrain.length + looks[1]!.none.wrongDev.length).toBe(40);
  const printed = await Promise.all([small, own].map(settings => runProgram(program(settings))));
  for (const [i, words] of printed.entries())
    for (const name of networks) expect(costsIn(words)[name]).toBeCloseTo(looks[i]![name].cost, 6);
  expect(printed[1]).toMatch(/doubt at dev points: 0\.\d+ in the mean/);
});

test('points are the same for the same seed, of both classes, and within the picture', () => {
  for (const data of dataNames) {
    const settings = { data, points: 211, noise: 0, seed: 4 };
    const { train, dev } = dataOf(settings);
    expect(dataOf(settings).train).toEqual(train);
    expect(dev.x).not.toEqual(train.x);
    expect(train.y.filter(Boolean).length / 211).toBeGreaterThan(0.3);
    expect(train.y.filter(Boolean).length / 211).toBeLessThan(0.7);
    for (const [x, y] of train.x) expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThan(1.15);
  }
});

test('wrong labels are as many as asked for, and move no point', () => {
  const clean = dataOf({ data: 'circles', points: 400, noise: 0, seed: 2 }).train;
  const noisy = dataOf({ data: 'circles', points: 400, noise: 0.2, seed: 2 }).train;
  expect(noisy.x).toEqual(clean.x);
  const flipped = noisy.y.filter((label, i) => label !== clean.y[i]).length / 400;
  // 4 standard errors
  expect(Math.abs(flipped - 0.2)).toBeLessThan(0.08);
});

test('between the middles of cells answers are interpolated, at them they are exact', () => {
  const field = Uint8Array.from({ length: cells * cells }, (_, i) => (i * 37) % 256);
  // the middle of a cell is that of a pixel where there are three pixels for each cell, and so on
  fc.assert(
    fc.property(fc.nat(cells - 1), fc.nat(cells - 1), fc.constantFrom(3, 5, 7), (row, column, times) => {
      const size = times * cells;
      const pixels = enlarged(field, cells, size);
      const middle = (times - 1) / 2;
      const at = (row * times + middle) * size + column * times + middle;
      expect(pixels[at]).toBeCloseTo(field[row * cells + column]!, 0);
      const [a, b] = [field[row * cells + column]!, field[row * cells + Math.min(column + 1, cells - 1)]!];
      for (let step = 0; step <= (column < cells - 1 ? times : 0); step++) {
        expect(pixels[at + step]).toBeGreaterThanOrEqual(Math.min(a, b) - 1);
        expect(pixels[at + step]).toBeLessThanOrEqual(Math.max(a, b) + 1);
      }
    }),
  );
});
