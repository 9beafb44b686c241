import { writeFile } from 'node:fs/promises';
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { offered, written } from '../scripts/techniques.ts';
import { openLane, rowsOf } from '../src/scenes/compose/lane.ts';
import { addedBy, stepTime } from '../src/scenes/compose/measured.ts';
import { Measurement } from '../src/scenes/compose/measurement.ts';
import { filled, type Nested, nested } from '../src/scenes/compose/nested.ts';
import { names, techniquesOf } from '../src/scenes/compose/offered.ts';
import { params, type Settings } from '../src/scenes/compose/params.ts';
import { callOf, program } from '../src/scenes/compose/program.ts';
import type { Report, Round } from '../src/scenes/compose/reports.ts';
import { withRounds } from '../src/scenes/compose/running.ts';
import { claims, costText, timeText, total, warnings } from '../src/scenes/compose/story.ts';
import { defaultsOf } from '../src/stage/params.ts';
import { costsIn, runProgram } from './program.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await install();
});

const small: Settings = { ...defaultsOf(params), hidden: 16, batch: 16, rounds: 3 };

async function play(settings: Settings, react: (report: Report, measurement: Measurement) => void = () => {}) {
  const rounds: Round[] = [];
  const tensors = tf.memory().numTensors;
  const measurement = new Measurement(settings, report => {
    rounds.push(...report);
    react(report, measurement);
  });
  await measurement.run();
  expect(tf.memory().numTensors).toBe(tensors);
  return rounds;
}

test('offers what the catalogues tell of techniques that act in a step', async () => {
  // with UPDATE_TECHNIQUES=1 it is written anew; `npx biome check --write` then puts it into shape
  if (process.env.UPDATE_TECHNIQUES === '1')
    for (const [name, text] of Object.entries(written()))
      await writeFile(new URL(`../src/scenes/compose/${name}`, import.meta.url), text);
  else expect(new Set(techniquesOf(names))).toEqual(new Set(offered()));
});

test('every technique takes steps, alone and after all the others, and leaves no tensor behind', async () => {
  const settings = { ...small, hidden: 4, batch: 4 };
  const tensors = tf.memory().numTensors;
  const rows = rowsOf(settings);
  for (const list of [...names.map(name => [name]), [...names]]) {
    const lane = openLane(list, settings, rows);
    for (const round of [0, 1]) expect([list, Number.isFinite(await lane.step(round))]).toEqual([list, true]);
    lane.dispose();
  }
  tf.dispose([rows.x, rows.y]);
  expect(tf.memory().numTensors).toBe(tensors);
});

test('what each adds to J is seen from the same weights on the same rows; the program to copy has the same J', async () => {
  const settings = { ...small, techniques: 'l2,maxNorm,clipGlobalNorm,dropout' };
  const rounds = await play(settings);
  const [first] = rounds;
  // λ Σ w² of the weights that all begin with
  expect(addedBy(rounds, 0, 1).cost).toBeGreaterThan(1e-3);
  // they act on weights and gradients
  expect(first!.costs[2]).toBe(first!.costs[1]);
  expect(first!.costs[3]).toBe(first!.costs[1]);
  expect(first!.costs[4]).not.toBe(first!.costs[3]);
  const printed = costsIn(await runProgram(program(settings)));
  expect(printed.first).toBeCloseTo(first!.costs[4]!, 6);
  expect(printed.last).toBeCloseTo(rounds.at(-1)!.costs[4]!, 6);
});

test('more rounds or fewer act on the measurement there is', async () => {
  const change = (rounds: number) =>
    play({ ...small, rounds: 4 }, (_, measurement) => measurement.change({ ...small, rounds, hidden: 64 }));
  expect(await change(12)).toHaveLength(12);
  expect((await change(1)).length).toBeLessThan(4);
});

test('weights that are averaged at the ends of epochs, and layers that go around others, train as in the program to copy', async () => {
  const settings = { ...small, techniques: 'weightNorm,swa,dropConnect,l2' };
  const rounds = await play(settings);
  const [first] = rounds;
  // the same direction and length; after the update; weights are dropped
  expect(first!.costs[1]).toBeCloseTo(first!.costs[0]!, 5);
  expect(first!.costs[2]).toBe(first!.costs[1]);
  expect(first!.costs[3]).not.toBe(first!.costs[2]);
  const printed = costsIn(await runProgram(program(settings)));
  expect(printed.first).toBeCloseTo(first!.costs[4]!, 6);
  expect(printed.last).toBeCloseTo(rounds.at(-1)!.costs[4]!, 6);
});

test('what goes around others takes what changes the batch behind it, and schedules set the rate and keepProb, as in the program to copy', async () => {
  const list = ['fromEpoch', 'randomApply', 'mixup', 'oneOf', 'labelSmoothing', 'inputNoise', 'l2', 'untilEpoch'];
  const shape = ({ technique, inner }: Nested): unknown =>
    inner.length ? [technique.name, inner.map(shape)] : technique.name;
  const found = nested(techniquesOf(list));
  expect(found.map(shape)).toEqual([
    ['fromEpoch', [['randomApply', ['mixup']]]],
    ['oneOf', ['labelSmoothing', 'inputNoise']],
    'l2',
    'untilEpoch',
  ]);
  expect(filled(found).map(shape)).toEqual(found.slice(0, 3).map(shape));
  const settings = { ...small, rounds: 4, techniques: [...list, 'earlyDropout', 'oneCycle'].join() };
  expect(warnings(settings)).toContainEqual(expect.stringMatching(/^untilEpoch goes around what changes the batch/));
  const rounds = await play(settings);
  const [first, second] = rounds;
  // from the second epoch on
  expect(first!.costs.slice(1, 5)).toEqual(new Array(4).fill(first!.costs[0]));
  expect(second!.costs[2]).toBe(second!.costs[0]);
  expect(second!.costs[3]).not.toBe(second!.costs[0]);
  const printed = costsIn(await runProgram(program(settings)));
  expect(printed.first).toBeCloseTo(first!.costs.at(-1)!, 6);
  expect(printed.last).toBeCloseTo(rounds.at(-1)!.costs.at(-1)!, 6);
});

test('stops when told to', async () => {
  const rounds = await play({ ...small, rounds: 400 }, (_, measurement) => measurement.stop());
  expect(rounds.length).toBeLessThan(400);
});

/** Rounds in which steps take so many milliseconds. */
const roundsOf = (times: readonly (readonly number[])[]): Round[] =>
  times.map(own => ({ times: own, costs: own.map((_, i) => 2 + 0.25 * i) }));

describe('the words', () => {
  const settings = { ...small, techniques: 'l2' };

  test('tell a difference of times only where its interval leaves 0 out; a round that the machine paused in does not count', () => {
    const clear = roundsOf(
      [9, 9, 9, 1, 2, 3, 4, 5, 6, 7, 50].map(noise => [1 + noise, 1.5 + noise + (noise === 50 ? 9 : 0)]),
    );
    expect(stepTime(clear, 0).middle).toBe(5.5);
    expect(addedBy(clear, 0, 1)).toMatchObject({ isClear: true, cost: 0.25, time: { middle: 0.5 } });
    expect(timeText(addedBy(clear.slice(0, -1), 0, 1))).toBe('+0.50\u202fms (0.50 to 0.50)');
    expect(costText(addedBy(clear, 0, 1))).toBe('+0.2500');
    expect(total(clear, settings)).toMatch(
      /bare step takes 5\.50\sms; all .* add \+0\.50\sms, 9\s% more \(95\s% .*8 pairs of steps/,
    );
    const noisy = roundsOf([0, 0, 0, 1, 2, 1, 2, 1, 2].map(one => [one, 3 - one]));
    expect(timeText(addedBy(noisy, 0, 1))).toMatch(/: noise\)$/);
    expect(total(noisy, settings)).toMatch(/nothing that can be told from the noise/);
  });

  test('are the same whether rounds come one by one or together, and begin behind the warm-up', () => {
    const rounds = roundsOf([9, 9, 9, 1, 2, 3].map(noise => [noise, noise]));
    expect(withRounds(withRounds([], rounds.slice(0, 4)), rounds)).toEqual(withRounds([], rounds));
    expect(withRounds([], rounds).map(({ round, bare }) => [round, bare.middle])).toEqual([
      [4, 1],
      [5, 1.5],
      [6, 2],
    ]);
    expect(withRounds([], rounds.slice(0, 3))).toEqual([]);
  });

  test('warn of what the catalogue warns of, and only of what is in the list', () => {
    expect(warnings({ ...small, techniques: 'dropout' })).toEqual([]);
    expect(warnings(settings)).toEqual(['l2 with Adam: scales it away: weightDecay there.']);
    expect(warnings({ ...small, techniques: 'rDrop' })).toEqual(['rDrop without dropout: both passes are the same.']);
    expect(warnings({ ...small, techniques: 'dropout,rDrop' })).toEqual([]);
  });

  test('say what is missing from an empty list', () => {
    const empty = { ...small, techniques: '' };
    expect(total([], empty)).toMatch(/bare step/);
    expect(claims(roundsOf([[1], [2]]), empty).map(({ shown }) => shown)).toEqual([
      'Every step looks at the same rows. J of the bare network rose in 0 of 1 steps.',
      'Add l2 to the list to see it.',
    ]);
    expect(callOf(techniquesOf(['l2'])[0]!)).toBe('l2({ strength: 0.0001 })');
    expect(callOf(techniquesOf(['weightNorm'])[0]!)).toBe('weightNorm(layer)');
  });
});
