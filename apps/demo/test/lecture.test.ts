import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { lectureCourse } from '../src/scenes/lecture/course.ts';
import { histogram, spreadOf } from '../src/scenes/lecture/figures.ts';
import { keepProbsOf, params, type Settings, settingsOf } from '../src/scenes/lecture/params.ts';
import { program } from '../src/scenes/lecture/program.ts';
import { networks, type Report, units } from '../src/scenes/lecture/reports.ts';
import { defaultsOf } from '../src/stage/params.ts';
import { Race } from '../src/stage/worker/race.ts';
import { costsIn, runProgram } from './program.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await install();
});

const small: Settings = { ...defaultsOf(params), points: 30, iterations: 40 };

async function play(settings: Settings): Promise<Report[]> {
  const reports: Report[] = [];
  const tensors = tf.memory().numTensors;
  await new Race(lectureCourse(settings, report => reports.push(report))).run();
  expect(tf.memory().numTensors).toBe(tensors);
  return reports;
}

test('suggests what the lecture says, looks at both networks, and measures λ of the weights behind a dropout', async () => {
  const reports = await play(small);
  const [suggestion, ...rest] = reports;
  expect(suggestion).toMatchObject({ type: 'suggestion', keepProbs: { hidden1: 0.7, hidden2: 0.5, hidden3: 0.7 } });
  const instants = rest.flatMap(report => (report.type === 'instant' ? [report.instant] : []));
  expect(instants.map(({ iteration }) => iteration)).toEqual([1, 20, 40]);
  for (const { looks, layers } of instants) {
    for (const name of networks)
      expect(looks[name].kernels.map(kernel => kernel.length)).toEqual(units.slice(1).map((n, i) => n * units[i]!));
    expect(layers.map(({ kept }) => kept.length)).toEqual(units.slice(0, -1));
    // keep.prob 1
    expect(Math.min(...layers[0]!.kept, ...layers[4]!.kept)).toBe(1);
  }
  const last = reports.at(-1)!;
  expect(last.type === 'lambdas' && last.lambdas.map(lambda => lambda?.length ?? 0)).toEqual([0, 49, 21, 6, 0]);

  const printed = await runProgram(program(small));
  const costs = costsIn(printed);
  for (const name of networks) expect(costs[name]).toBeCloseTo(instants.at(-1)!.looks[name].cost, 6);
});

test('without dropout both networks are one', async () => {
  const all = Object.fromEntries(Object.keys(keepProbsOf(small)).map(name => [name, 1]));
  const reports = await play({ ...small, iterations: 20, ...settingsOf(all) });
  for (const report of reports)
    if (report.type === 'instant') expect(report.instant.looks.thinned).toEqual(report.instant.looks.whole);
  expect(reports.at(-1)!.type).toBe('instant');
});

test('settings of keep.probs, and back', () => {
  expect(settingsOf({ hidden2: 0.5, unknown: 0.1 })).toEqual({ keepProb2: 0.5 });
  expect(keepProbsOf({ ...small, ...settingsOf({ input: 0.9, hidden4: 0.25 }) })).toMatchObject({
    input: 0.9,
    hidden4: 0.25,
  });
});

test('the histogram counts every weight once; the spread is 1 where all are equally large', () => {
  const look = {
    trainError: 0,
    isFlat: false,
    wrongDev: new Uint8Array(),
    cost: 0,
    kernels: [Float32Array.of(-2, 0, 0.9, 1, 2)],
  };
  expect(histogram(look, 2, 2).counts).toEqual([2, 3]);
  expect(spreadOf(Float32Array.of(3, -3, 3))).toBeCloseTo(1, 12);
  expect(spreadOf(Float32Array.of(3, 0, 0))).toBeCloseTo(1 / 3, 12);
  expect(spreadOf(new Float32Array(4))).toBe(0);
});
