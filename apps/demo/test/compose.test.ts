import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { Entry } from '@keepprob/core/catalogue';
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { leftOut, offered, written } from '../scripts/techniques.ts';
import { callOf } from '../src/scenes/compose/calls.ts';
import { openLane, rowsOf } from '../src/scenes/compose/lane.ts';
import { addedBy, stepTime } from '../src/scenes/compose/measured.ts';
import { Measurement } from '../src/scenes/compose/measurement.ts';
import { filled, type Nested, nested } from '../src/scenes/compose/nested.ts';
import { admitted, names, setOf, techniquesOf, withSet } from '../src/scenes/compose/offered.ts';
import { takes, textOf, valueIn } from '../src/scenes/compose/option.ts';
import { params, type Settings } from '../src/scenes/compose/params.ts';
import { program } from '../src/scenes/compose/program.ts';
import type { Report, Round } from '../src/scenes/compose/reports.ts';
import { withRounds } from '../src/scenes/compose/running.ts';
import { claims, costText, timeText, total, warnings } from '../src/scenes/compose/story.ts';
import { leftOut as toldLeftOut } from '../src/scenes/compose/techniques/leftOut.ts';
import { defaultsOf, fromQuery } from '../src/stage/params.ts';
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

/** Of every package that has a catalogue. */
async function allEntries(): Promise<readonly Entry[]> {
  const packages = new URL('../../../packages/', import.meta.url);
  const found = (await readdir(packages)).map(async folder => {
    const { name, exports } = JSON.parse(await readFile(new URL(`${folder}/package.json`, packages), 'utf8'));
    if (!exports?.['./catalogue']) return [];
    return (await import(`${name}/catalogue`)).catalogue ?? [];
  });
  return (await Promise.all(found)).flat();
}

test('offers every technique of the catalogues, or says why not', async () => {
  // with UPDATE_TECHNIQUES=1 it is written anew; `npx biome check --write` then puts it into shape
  if (process.env.UPDATE_TECHNIQUES === '1') {
    for (const [name, text] of Object.entries(written()))
      await writeFile(new URL(`../src/scenes/compose/${name}`, import.meta.url), text);
    return;
  }
  expect(new Set(techniquesOf(names))).toEqual(new Set(offered()));
  expect(toldLeftOut).toEqual(leftOut());
  const told = [...names, ...toldLeftOut.flatMap(reason => reason.names)];
  expect(told.sort()).toEqual((await allEntries()).map(({ name }) => name).sort());
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

/** First and last J of what the page measures with the whole list, and of the program to copy. */
async function sameAsCopied(settings: Settings): Promise<readonly Round[]> {
  const rounds = await play(settings);
  const printed = costsIn(await runProgram(program(settings)));
  expect(printed.first).toBeCloseTo(rounds[0]!.costs.at(-1)!, 6);
  expect(printed.last).toBeCloseTo(rounds.at(-1)!.costs.at(-1)!, 6);
  return rounds;
}

test('rates by update, by epoch and by layer, and one schedule after the other, train as in the program to copy', async () => {
  const twice = 'byStep,sequence,byEpoch,linear,layerRates,weightNorm';
  const options = 'byStep.values=0:0.05,2:0;sequence.steps=2;layerRates.rates=hidden1:0,output:0.5';
  const settings = { ...small, rounds: 5, techniques: twice, options };
  const rounds = await sameAsCopied(settings);
  // from the third update on the rate is 0
  expect(rounds[3]!.costs[1]).toBeCloseTo(rounds[2]!.costs[1]!, 6);
  expect(rounds[2]!.costs[1]).not.toBeCloseTo(rounds[1]!.costs[1]!, 6);
  expect(nested(techniquesOf(['sequence', 'byEpoch', 'linear', 'mixup']))).toMatchObject([
    { inner: [{ technique: { name: 'byEpoch' } }, { technique: { name: 'linear' } }] },
    { technique: { name: 'mixup' } },
  ]);
  expect(warnings({ ...small, techniques: 'sequence,l2' })).toContainEqual(expect.stringMatching(/^sequence puts/));
});

test('constraints of layers act in a step, as in the program to copy', async () => {
  const settings = { ...small, rounds: 4, techniques: 'layerConstraints', options: 'layerConstraints.maxValue=0.1' };
  const [first, second] = await sameAsCopied(settings);
  // after the update
  expect(first!.costs[1]).toBe(first!.costs[0]);
  expect(second!.costs[1]).not.toBeCloseTo(second!.costs[0]!, 3);
});

test('what is set acts on J, and is in the program to copy', async () => {
  const added = async (options: string) =>
    addedBy(await sameAsCopied({ ...small, techniques: 'l2,orthogonal', options }), 0, 1).cost;
  expect((await added('l2.strength=0.01;orthogonal.strength=0.2')) / (await added(''))).toBeCloseTo(100, 1);
});

test('a step whose J is no number ends the measurement, and says which list it was', async () => {
  const settings = { ...small, techniques: 'l2', options: 'l2.strength=1e39' };
  await expect(play(settings)).rejects.toThrow(/^J of the network with l2 is no finite number in step 1\./);
});

describe('options', () => {
  const option = (name: string, key: string) => techniquesOf([name])[0]!.settable[key]!;

  test('are read where they are within range, and are written in one way', () => {
    expect(valueIn(option('dropout', 'keepProb'), ' .5 ')).toBe(0.5);
    expect(valueIn(option('byEpoch', 'values'), '0.1, .01')).toEqual([0.1, 0.01]);
    expect(valueIn(option('byStep', 'values'), '0: 0.1, 20: 0.01')).toEqual({ 0: 0.1, 20: 0.01 });
    expect(valueIn(option('layerRates', 'rates'), 'output: 0')).toEqual({ output: 0 });
    for (const [name, key, text] of [
      ['dropout', 'keepProb', '0'],
      ['dropout', 'keepProb', '1.1'],
      ['dropout', 'keepProb', ''],
      ['accumulate', 'parts', '1.5'],
      ['ema', 'decay', '1'],
      ['byEpoch', 'values', '0.1,'],
      ['byEpoch', 'values', '-1'],
      ['byStep', 'values', '1:0.1'],
      ['byStep', 'values', '0:0.1,0:0.2'],
      ['byStep', 'values', '0.1'],
      ['layerRates', 'rates', 'hidden9:1'],
      ['layerRates', 'rates', ''],
    ] as const)
      expect([name, text, valueIn(option(name, key), text)]).toEqual([name, text, undefined]);
    expect(textOf({ 0: 0.1, 20: 0.01 })).toBe('0:0.1,20:0.01');
  });

  test('in the address are only those that are not as they begin; nonsense is skipped', () => {
    const text = withSet(withSet('', 'l2', 'strength', 0.1), 'byEpoch', 'values', [0.1]);
    expect(text).toBe('l2.strength=0.1;byEpoch.values=0.1');
    expect(admitted(`${text};l2.strength=0.0001;no.such=1;l2.toString=1;l2.strength=x`)).toBe('byEpoch.values=0.1');
    expect(setOf(text, ['byEpoch', 'dropout'])).toBe('byEpoch.values=0.1');
  });

  test('in the address are brought into range, and what cannot be taken as it stands is said', () => {
    const { settings, notes } = fromQuery(
      params,
      'options=jacobian.projections=1e9;spectralNorm.powerIterations=0;dropout.keepProb=0.4;ema.decay=2;l2.strength=x;no.such=1;',
    );
    expect(settings.options).toBe('jacobian.projections=64;dropout.keepProb=0.4');
    expect(notes).toEqual([
      'jacobian.projections takes an integer ≥ 1 and ≤ 64, not “1e9”: 64 is used.',
      'spectralNorm.powerIterations takes an integer ≥ 1 and ≤ 64, not “0”: 1 is used.',
      'ema.decay takes a number ≥ 0 and < 1, not “2”: 0.999 is used.',
      'l2.strength takes a number ≥ 0, not “x”: 0.0001 is used.',
      '“no.such=1” in the address sets no option of a technique.',
    ]);
  });

  test('that repeat a part of the step are bounded; those that count anything else are known', () => {
    const unbounded = techniquesOf(names).flatMap(({ settable }) =>
      Object.entries(settable).flatMap(([key, { integer, max }]) => (integer && max === undefined ? [key] : [])),
    );
    // a batch has no more parts than rows
    const counts = ['parts', 'every', 'steps', 'epochs', 'startEpoch', 'annealEpochs'];
    expect(new Set(unbounded)).toEqual(new Set(counts));
  });

  test('say what they take', () => {
    expect(takes(option('dropout', 'keepProb'))).toBe('a number ≥ 0.00001 and ≤ 1');
    expect(takes(option('accumulate', 'parts'))).toBe('an integer ≥ 1');
    expect(takes(option('byEpoch', 'values'))).toMatch(/^numbers ≥ 0, one for each epoch, such as 0.01,/);
    expect(takes(option('byStep', 'values'))).toMatch(/the first of them 0, such as 0:0.01,100:0.001$/);
    expect(takes(option('layerRates', 'rates'))).toMatch(/by layer \(hidden1, hidden2, output\)/);
  });
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
    expect(warnings(settings)).toEqual(['l2 with Adam: it scales the penalty away; use weightDecay instead.']);
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
    expect(callOf(techniquesOf(['sequence'])[0]!)).toBe('schedule({ learningRate: sequence([50, …], [Infinity, …]) })');
  });
});
