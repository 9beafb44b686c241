import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { pairsOfRuns } from '../src/scenes/should/course.ts';
import { confidenceOf, effectOf, isOver } from '../src/scenes/should/effect.ts';
import { columnsOf, type Epoch, withReport } from '../src/scenes/should/epochs.ts';
import { params, type Settings } from '../src/scenes/should/params.ts';
import { program } from '../src/scenes/should/program.ts';
import type { Pair, Report } from '../src/scenes/should/reports.ts';
import { claims, headline, verdict } from '../src/scenes/should/story.ts';
import { defaultsOf } from '../src/stage/params.ts';
import { errorOf } from '../src/stage/statistics.ts';
import type { Series } from '../src/stage/worker/series.ts';
import { runProgram } from './program.ts';
import { turns } from './turns.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await install();
});

const small: Settings = { ...defaultsOf(params), points: 30, hidden: 8, epochs: 10, pairs: 4, stop: 'no' };

async function play(
  settings: Settings,
  react: (report: Report, series: Series<Settings>) => void = () => {},
  trained?: (readonly Report[])[],
) {
  const reports: Report[] = [];
  const tensors = tf.memory().numTensors;
  const series = pairsOfRuns(
    settings,
    report => {
      reports.push(report);
      react(report, series);
    },
    trained,
  );
  await series.run();
  expect(tf.memory().numTensors).toBe(tensors);
  return { reports, pairs: reports.flatMap(report => (report.type === 'pair' ? [report.pair] : [])) };
}

test('trains both networks for each seed, and the program to copy comes to the same interval', async () => {
  const { reports, pairs } = await play(small);
  expect(reports.map(report => (report.type === 'epoch' ? report.epoch : 'pair'))).toEqual(
    Array.from({ length: 4 }, () => [...Array.from({ length: 10 }, (_, i) => i + 1), 'pair']).flat(),
  );
  const last = reports.at(-2);
  expect(last?.type === 'epoch' && last.errors.on.dev).toBe(errorOf(pairs[3]!.on));
  const effect = effectOf(pairs, small)!;
  const printed = await runProgram(program(small));
  const [, value, lower, upper] = /^4 seeds: .* without (\S+), between (\S+) and (\S+)$/m.exec(printed)!;
  expect(Number(value)).toBeCloseTo(effect.interval.value, 6);
  expect(Number(lower)).toBeCloseTo(effect.interval.lower, 6);
  expect(Number(upper)).toBeCloseTo(effect.interval.upper, 6);
});

test('where nothing regularizes both are one, and the text says so', async () => {
  const settings = { ...small, keepProb: 1, lambda: 0, epochs: 3 };
  const { pairs } = await play(settings);
  for (const { off, on } of pairs) expect(on).toEqual(off);
  expect(verdict({ pairs, epochs: [], settings, done: true })).toMatch(/both networks are one/);
});

test('stops at once when told to, also between two seeds', async () => {
  const { reports } = await play({ ...small, pairs: 40 }, (report, series) => {
    if (report.type === 'pair') series.stop();
  });
  expect(reports.filter(({ type }) => type === 'pair')).toHaveLength(1);
});

test('more seeds or fewer act on the experiment there is', async () => {
  const change = (pairs: number) =>
    play({ ...small, epochs: 1 }, ({ type }, series) => {
      if (type === 'pair') series.change({ ...small, epochs: 1, pairs });
    });
  expect((await change(8)).pairs).toHaveLength(8);
  expect((await change(1)).pairs).toHaveLength(1);
});

test('pairs that are trained are told again, and more go on from there as if all had been asked for at first', async () => {
  const settings = { ...small, epochs: 2 };
  const trained: (readonly Report[])[] = [];
  await play(settings, () => {}, trained);
  const [first] = trained;
  const { reports } = await play({ ...settings, pairs: 8 }, () => {}, trained);
  expect(trained).toHaveLength(8);
  expect(reports[0]).toBe(first![0]);
  expect(reports).toEqual((await play({ ...settings, pairs: 8 })).reports);
});

test('holds between two seeds while paused', async () => {
  const order: string[] = [];
  await play({ ...small, epochs: 1, pairs: 2 }, async ({ type }, series) => {
    order.push(type);
    if (type !== 'pair' || order.length > 2) return;
    series.pause();
    await turns(500);
    order.push('resumed');
    series.resume();
  });
  expect(order).toEqual(['epoch', 'pair', 'resumed', 'epoch', 'pair']);
});

/** Of 400 dev points, so many wrong without regularization and with it, for each seed. */
const pairsOf = (counts: readonly (readonly [off: number, on: number])[]): Pair[] =>
  counts.map(([off, on]) => ({
    off: Uint8Array.from({ length: 400 }, (_, i) => Number(i < off)),
    on: Uint8Array.from({ length: 400 }, (_, i) => Number(i < on)),
  }));

describe('the verdict', () => {
  const helps = pairsOf([
    [100, 40],
    [104, 42],
    [98, 38],
    [101, 41],
  ]);
  const mixed = pairsOf([
    [40, 44],
    [44, 40],
    [41, 43],
    [43, 42],
  ]);
  const settings: Settings = { ...small, pairs: 12, stop: 'yes' };
  const told = (pairs: readonly Pair[], done: boolean) => ({ pairs, epochs: [], settings, done });

  test('is given at looks alone, whose intervals are wider since there are several, and ends the experiment where it is clear', () => {
    expect(confidenceOf({ ...settings, stop: 'no' })).toBe(0.95);
    expect(confidenceOf({ ...settings, stop: 'no', level: 0.9 })).toBe(0.9);
    // of five looks, however many seeds are asked for by now
    expect(confidenceOf(settings)).toBeCloseTo(0.99, 12);
    expect(confidenceOf({ ...settings, pairs: 40 })).toBeCloseTo(0.99, 12);
    expect(isOver(helps.slice(0, 3), settings)).toBe(false);
    expect(isOver(helps, settings)).toBe(true);
    expect(isOver(helps, { ...settings, stop: 'no' })).toBe(false);
    expect(isOver(mixed, settings)).toBe(false);
    expect(headline(told(helps.slice(0, 1), false))).toBe('Not known yet');
    expect(headline(told(helps.slice(0, 3), false))).toBe('Not judged yet');
    expect(headline(told(helps, true))).toBe('It helps');
    expect(verdict(told(helps, true))).toMatch(
      /15\.1 points lower with it \(99\s% interval .*clear before all 12 seeds/,
    );
  });

  test('is turned round where both are, and is “cannot tell” within the noise', () => {
    const turned = helps.map(({ off, on }) => ({ off: on, on: off }));
    expect(headline(told(turned, true))).toBe('It hurts');
    expect(headline(told(mixed, true))).toBe('Cannot tell');
    expect(verdict(told(mixed, true))).toMatch(/cannot be told whether regularization helps/);
    expect(claims(told(mixed, true))[2]!.shown).toMatch(/lower for 2 of 4 seeds, higher for 2.*might have said either/);
  });
});

test('the curves are medians of the seeds that have come as far, with half of them in the band', () => {
  const errors = (dev: number) => ({ train: 0, dev });
  let epochs: readonly Epoch[] = [];
  const take = (epoch: number, dev: number): void => {
    epochs = withReport(epochs, { type: 'epoch', epoch, errors: { off: errors(dev), on: errors(0) } });
  };
  for (const dev of [0.1, 0.5, 0.2]) take(1, dev);
  take(2, 0.3);
  const [positions, off, , lower, upper] = columnsOf(epochs, 'dev');
  expect(positions).toEqual([1, 2]);
  expect(off).toEqual([0.2, 0.3]);
  expect(lower![0]).toBeCloseTo(0.15, 12);
  expect(upper![0]).toBeCloseTo(0.35, 12);
  expect(epochs.map(({ errors: { length } }) => length)).toEqual([3, 1]);
});
