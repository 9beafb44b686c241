import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, test } from 'vitest';
import { keepColumns } from '../src/scenes/search/figures.ts';
import { params, type Settings, top } from '../src/scenes/search/params.ts';
import { program } from '../src/scenes/search/program.ts';
import type { Chosen, Compared, Keep, Report, Space, Unit } from '../src/scenes/search/reports.ts';
import { Searches } from '../src/scenes/search/searches.ts';
import { claims, headline, layersText, verdict } from '../src/scenes/search/story.ts';
import { type Trial, withUnit } from '../src/scenes/search/trials.ts';
import { defaultsOf } from '../src/stage/params.ts';
import { runProgram } from './program.ts';
import { turns } from './turns.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await install();
});

const small: Settings = {
  ...defaultsOf(params),
  ...{ points: 60, extra: 0, hidden: 4, epochs: 3, trials: 3, folds: 2, fresh: 1 },
};

async function play(settings: Settings, react: (report: Report, searches: Searches) => void = () => {}) {
  const reports: Report[] = [];
  const tensors = tf.memory().numTensors;
  const searches = new Searches(settings, report => {
    reports.push(report);
    react(report, searches);
  });
  await searches.run();
  expect(tf.memory().numTensors).toBe(tensors);
  return reports;
}

test('searches one keep.prob, then one for each layer, with “off” among the trials; the program to copy finds the same', async () => {
  const reports = await play(small);
  const units = reports.flatMap(report => (report.type === 'unit' ? [report.unit] : []));
  for (const space of ['one', 'each'] as const) {
    const own = units.filter(unit => unit.space === space);
    expect(own.filter(({ isFresh }) => !isFresh)).toHaveLength(small.trials * small.folds);
    expect(own[0]!.keep).toEqual({ hidden1: 1, hidden2: 1 });
    expect(own.filter(({ isFresh }) => isFresh).length).toBeGreaterThanOrEqual(top * small.folds);
    expect(own.every(({ keep }) => keep.hidden1 === keep.hidden2)).toBe(space === 'one');
  }
  const chosen = reports.flatMap(report => (report.type === 'chosen' ? [report.chosen] : []));
  expect(chosen.map(({ space }) => space)).toEqual(['one', 'each']);
  expect(reports.at(-1)!.type).toBe('compared');
  const printed = await runProgram(program(small));
  for (const { space, keep, interval } of chosen) {
    const found = new RegExp(`^${space}: keep.prob (\\S+) and (\\S+), dev error (\\S+)$`, 'm').exec(printed)!;
    expect(found.slice(1).map(Number)).toEqual([keep.hidden1, keep.hidden2, interval.value]);
  }
});

test('stops when told to, and tells no choice', async () => {
  const reports = await play(small, (_, searches) => searches.stop());
  expect(reports).toHaveLength(1);
});

test('whether a second search follows may change while the first one runs, and ends the second', async () => {
  const change = async (from: string, to: string, when: Space): Promise<string[]> => {
    const reports = await play({ ...small, spaces: from }, (report, searches) => {
      if (report.type === 'unit' && report.unit.space === when) searches.change({ ...small, spaces: to });
    });
    return reports.map(report => (report.type === 'unit' ? report.unit.space : report.type));
  };
  expect(await change('each', 'one', 'one')).not.toContain('each');
  expect((await change('one', 'each', 'one')).at(-1)).toBe('compared');
  const given = await change('each', 'one', 'each');
  expect([given.filter(name => name === 'each').length, given.at(-1)]).toEqual([1, 'each']);
});

test('holds between two trainings while paused', async () => {
  const order: string[] = [];
  await play({ ...small, spaces: 'one' }, async ({ type }, searches) => {
    if (order.push(type) > 1) return;
    searches.pause();
    await turns(500);
    order.push('resumed');
    searches.resume();
  });
  expect(order.slice(0, 3)).toEqual(['unit', 'resumed', 'unit']);
  expect(order.at(-1)).toBe('chosen');
});

const unit = (trial: number, keep: number, error: number, isFresh = false): Unit => ({
  ...{ space: 'one', trial, error, isFresh },
  keep: { hidden1: keep, hidden2: keep },
});

test('the curve is of means over folds by keep.prob, with one standard error; fresh folds stand apart', () => {
  const units = [unit(0, 1, 0.2), unit(0, 1, 0.4), unit(1, 0.5, 0.1), unit(1, 0.5, 0.1), unit(1, 0.5, 0.3, true)];
  const trials = units.reduce<readonly Trial[]>(withUnit, []);
  const [keep, search, fresh, lower, upper] = keepColumns(trials);
  expect(keep).toEqual([0.5, 1]);
  expect(search).toEqual([0.1, expect.closeTo(0.3, 12)]);
  expect(fresh).toEqual([0.3, Number.NaN]);
  expect([lower![1], upper![1]]).toEqual([expect.closeTo(0.2, 12), expect.closeTo(0.4, 12)]);
});

describe('the words', () => {
  const keep: Keep = { hidden1: 0.5, hidden2: 0.5 };
  const compared = (value: number, half: number): Compared => ({
    interval: { value, lower: value - half, upper: value + half },
    verdict: value + half < 0 ? 'helps' : value - half > 0 ? 'hurts' : 'cannotTell',
  });
  const chosen = (value: number, half: number, isOff = false): Chosen => ({
    ...{ space: 'one', trial: isOff ? 0 : 3, isOff, units: 10 },
    keep: isOff ? { hidden1: 1, hidden2: 1 } : keep,
    interval: { value: 0.2, lower: 0.1, upper: 0.3 },
    againstOff: { ...compared(value, half), keep },
  });

  test.each([
    [chosen(-0.1, 0.05), '0.50 helps', /Against “off”, keep\.prob 0\.50 errs 10\.0 points less/],
    [chosen(-0.01, 0.05), '0.50 may be chance', /cannot be told which is better/],
    [chosen(0.1, 0.05, true), 'Leave it off', /best of the others, keep\.prob 0\.50, errs 10\.0 points more/],
  ])('follow from what was chosen, and how sure that is', (found, short, long) => {
    expect(headline(found)).toBe(short);
    expect(verdict(found)).toMatch(long);
  });

  test('tell whether each layer needs its own only where that is told', () => {
    const told = { trials: [], chosen: { one: chosen(0, 1) }, settings: small };
    expect(layersText({ ...told, compared: undefined })).toMatch(/is being searched/);
    expect(layersText({ ...told, compared: compared(-0.01, 0.1) })).toMatch(/cannot be told.*one is enough/);
    expect(layersText({ ...told, compared: compared(-0.1, 0.01) })).toMatch(/errs 10\.0 points less/);
    const both = { one: chosen(0, 1), each: { ...chosen(0, 1), space: 'each' as const } };
    expect(layersText({ ...told, chosen: both, compared: compared(0, 0) })).toMatch(
      /chose the same, keep\.prob 0\.50 and/,
    );
    const hidden = { ...told, compared: undefined, settings: { ...small, hidden: 32 } };
    expect(claims(hidden)[2]!.shown).toMatch(/in front of hidden 2\. The second search will tell/);
  });
});
