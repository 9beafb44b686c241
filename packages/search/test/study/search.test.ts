import { DataError, OptionError } from '@keepprob/core';
import { describe, expect, test } from 'vitest';
import { SearchError } from '../../src/errors.ts';
import { none } from '../../src/pruners/none.ts';
import { paired } from '../../src/pruners/paired.ts';
import { grid } from '../../src/samplers/grid.ts';
import { choice, float, int, keepProb } from '../../src/space/makers.ts';
import { kFold } from '../../src/splits/kFold.ts';
import type { SearchEvent } from '../../src/study/progress.ts';
import { search } from '../../src/study/search.ts';
import { fake, formula, rows, settings, space, truth } from '../support/problem.ts';

const options = { ...settings, trials: 8, confirm: { top: 2, seeds: 2 }, pruner: none() } as const;
const run = (more: object = {}) => search(formula, rows(), { ...options, engine: fake(), ...more });

describe('a search', () => {
  test('begins with "off", measures every trial on the same folds and seeds, and ends with fresh ones', async () => {
    const found = await run();
    expect(found.trials[0]).toMatchObject({ number: 0, isOff: true, point: { keep: 1 }, state: 'complete' });
    expect(found.trials.length).toBe(8);
    const pairs = found.trials.map(({ units }) => units.filter(({ fold }) => fold < 4).map(u => `${u.fold} ${u.seed}`));
    for (const own of pairs) expect(own).toEqual(pairs[0]);
    expect(new Set(pairs[0]).size).toBe(4);
    // the chosen one and "off", on 2 fresh partitions of 4 folds
    const fresh = found.trials.filter(({ units }) => units.length > 4);
    expect(fresh.map(({ units }) => units.length)).toEqual(fresh.map(() => 12));
    expect(fresh.map(({ isOff }) => isOff)).toContain(true);
    const seeds = fresh.map(({ units }) => units.map(({ seed }) => seed));
    expect(new Set(seeds[0]).size).toBe(12);
  });

  test('tells of the fresh pairs alone: value, difference and verdict', async () => {
    const found = await run({ trials: 20 });
    const { chosen, against } = found;
    expect(chosen.isConfirmed).toBe(true);
    expect(chosen.units).toBe(8);
    const fresh = (trial: number) => (found.trials[trial]?.units ?? []).filter(({ fold }) => fold >= 4);
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(chosen.value).toBeCloseTo(mean(fresh(chosen.trial).map(({ value }) => value)), 12);
    const differences = fresh(chosen.trial).map(({ value }, i) => value - (fresh(0)[i]?.value ?? Number.NaN));
    expect(against.off?.difference).toBeCloseTo(mean(differences), 12);
    // 4 (1 − .6)² = .64 against a noise of .02
    expect(against.off?.verdict).toBe('helps');
    expect(found.text).toMatch(/^Regularization helps/);
    expect(chosen.values.keep).toBeGreaterThan(0.4);
    expect(chosen.values.keep).toBeLessThan(0.8);
  });

  test('counts no trial for which there is no point, from its beginning', async () => {
    const events: SearchEvent[] = [];
    const how = {
      sampler: grid({ per: 3 }),
      trials: 40_000,
      confirm: false,
      progress: (e: SearchEvent) => void events.push(e),
    };
    const found = await run(how);
    expect(found.trials.length).toBe(3);
    const totals = events.filter(({ type }) => type !== 'end').map(({ total }) => total);
    expect(new Set(totals)).toEqual(new Set([12]));
  });

  test('comes to the same from the same seed, and to other points from another', async () => {
    const points = async (seed: number) => (await run({ seed })).trials.map(({ point }) => point);
    expect(await points(7)).toEqual(await points(7));
    expect(await points(8)).not.toEqual(await points(7));
  });

  test('where more is better, takes the most', async () => {
    const found = await run({ metric: 'valAccuracy', trials: 20, engine: fake({ value: (...at) => -truth(...at) }) });
    expect(found.chosen.values.keep).toBeGreaterThan(0.4);
    expect(found.chosen.values.keep).toBeLessThan(0.8);
    expect(found.against.off?.verdict).toBe('helps');
    expect(found.against.off?.difference).toBeGreaterThan(0);
  });

  test('compares the chosen one with itself without regularization: the learning rate stays', async () => {
    // the best keep is 1 of none, the best rate is not in the middle
    const engine = fake({
      value: ({ keep, rate = 0 }: { keep: number; rate?: number }, fold, seed) =>
        truth({ keep }, fold, seed) + (rate - 0.09) ** 2 * 100,
    });
    const found = await search(formula, rows(), {
      ...options,
      engine,
      trials: 20,
      space: { ...space, rate: float(0.01, 0.1) },
    });
    const off = found.trials[found.against.off?.off ?? -1];
    expect(off?.isOff).toBe(true);
    expect(off?.point).toEqual({ keep: 1, rate: found.chosen.point.rate });
    expect(off?.units.length).toBe(12);
  });

  test('says so where the best is "off"', async () => {
    const engine = fake({ value: ({ keep }) => 2 - keep });
    const found = await run({ engine });
    expect(found.chosen.values.keep).toBe(1);
    // next to it the best of the others, on all folds worse by as much
    const { off } = found.against;
    expect(off).toMatchObject({ off: 0, verdict: 'hurts', units: 8 });
    expect(off?.difference).toBeCloseTo(1 - (found.trials[off?.trial ?? 0]?.values.keep ?? Number.NaN), 12);
    expect(found.text).toMatch(/^Regularization hurts.*leave it off/);
  });

  test('and where all others were pruned, the best of them is what it is compared with', async () => {
    const engine = fake({ value: ({ keep }) => 2 - keep });
    expect((await run({ engine, confirm: { top: 1, seeds: 2 } })).against.off).toMatchObject({
      off: 0,
      verdict: 'hurts',
    });
    const found = await run({ engine, pruner: paired(), trials: 6 });
    expect(found.trials.map(({ state }) => state)).toEqual(['complete', ...Array<string>(5).fill('pruned')]);
    expect(found.chosen.trial).toBe(0);
    expect(found.against.off).toMatchObject({ off: 0, verdict: 'hurts', units: 8 });
  });

  test('the chosen values stand in the text by the names of their dimensions', async () => {
    const engine = fake({ value: ({ keep }) => 2 - keep });
    const space = { keep: keepProb(0.3, 1), fixed: 'long '.repeat(99), act: choice(['relu', 'tanh']) };
    const found = await search(formula, rows(), { ...options, engine, space });
    expect(found.text).toMatch(/^chosen: keep 1, act (relu|tanh) \(trial 0\)$/m);
  });

  test('has nothing to compare with where nothing has an "off"', async () => {
    const found = await search(formula, rows(), { ...options, engine: fake(), space: { keep: float(0.3, 0.9) } });
    expect(found.against.off).toBe(null);
    expect(found.trials.some(({ isOff }) => isOff)).toBe(false);
  });

  test('without confirmation it says that its numbers are too good', async () => {
    const found = await run({ confirm: false });
    expect(found.chosen).toMatchObject({ isConfirmed: false, units: 4 });
    expect(found.text).toContain('too good');
  });

  test('ends with a finite space', async () => {
    const found = await search(formula, rows(), {
      ...options,
      engine: fake(),
      space: { keep: float(0.3, 0.9, { step: 0.3 }) },
    });
    expect(found.trials.length).toBe(3);
  });

  test('tells of everything: each unit and trial once, how much is done, and what is left', async () => {
    const events: SearchEvent[] = [];
    const found = await run({ progress: (event: SearchEvent) => void events.push(event) });
    const of = (type: SearchEvent['type']) => events.filter(event => event.type === type);
    expect(events[0]?.type).toBe('begin');
    expect(events.at(-1)?.type).toBe('end');
    expect(of('trial').map(({ trial }) => trial)).toEqual(found.trials.map(({ number }) => number));
    expect(of('ended').map(({ trial, value }) => [trial, value])).toEqual(
      found.trials.map(({ number, value }) => [number, value]),
    );
    expect(of('unit').map(({ done }) => done)).toEqual(of('unit').map((_, i) => i + 1));
    expect(events.at(-1)?.done).toBe(found.trials.reduce((sum, { units }) => sum + units.length, 0));
    expect(of('ended').at(-1)?.best?.value).toBe(Math.min(...found.trials.map(({ value }) => value ?? 9)));
  });
});

test('a listener that fails ends the search with its error', async () => {
  for (const at of ['epoch', 'unit', 'ended'] as const) {
    const reason = new Error(at);
    const progress = ({ type }: SearchEvent) => (type === at ? Promise.reject(reason) : undefined);
    await expect(run({ engine: fake({ curve: () => [2] }), progress })).rejects.toBe(reason);
  }
});

test('values have the types of the space, and a trial that trains by itself is not called for a refit', async () => {
  const folds: number[] = [];
  const found = await search(
    ({ keep, layers: [{ units }] }, { fold, validation, signal }) => {
      folds.push(fold);
      expect([keep <= 1, units >= 4, signal.aborted, 'x' in validation]).toEqual([true, true, false, true]);
      return keep - units / 100;
    },
    rows(),
    { ...options, trials: 2, space: { ...space, layers: [{ units: int(4, 8) }] } },
  );
  const [{ units }] = found.chosen.values.layers;
  expect(units).toBe(found.chosen.point['layers[0].units']);
  expect(found.model).toBe(null);
  expect(folds).not.toContain(-1);
});

describe('trials that fail', () => {
  test('are recorded as failed, and the search goes on', async () => {
    const engine = fake({
      value: (values, fold, seed) => (values.keep < 0.5 && fold === 2 ? Number.NaN : truth(values, fold, seed)),
    });
    const found = await run({ engine, trials: 12 });
    const failed = found.trials.filter(({ state }) => state === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    for (const { point, reason, units } of failed) {
      expect(point.keep).toBeLessThan(0.5);
      expect(reason).toBe('it is NaN');
      expect(units.length).toBe(2);
    }
    expect(found.trials.filter(({ state }) => state === 'complete').length).toBe(12 - failed.length);
  });

  test('three in a row of one cause end it', async () => {
    const broken = run({ engine: fake({ value: () => Number.NaN }) });
    await expect(broken).rejects.toThrow(SearchError);
    await expect(broken).rejects.toMatchObject({ problem: 'failing' });
    await expect(broken).rejects.toThrow('it is NaN');
  });

  test('"off" among them leaves nothing to compare with', async () => {
    const engine = fake({ value: (values, ...at) => (values.keep === 1 ? Number.NaN : truth(values, ...at)) });
    const found = await run({ engine });
    expect(found.trials[0]?.state).toBe('failed');
    expect(found.against.off).toBe(null);
  });
});

describe('an end before the end', () => {
  test('an abort leaves what was measured; nothing is confirmed', async () => {
    const abort = new AbortController();
    const found = await run({ signal: abort.signal, engine: fake({ onUnit: count => count === 10 && abort.abort() }) });
    expect(found.stopped).toBe('aborted');
    expect(found.chosen.isConfirmed).toBe(false);
    expect(found.trials.map(({ units }) => units.length)).toEqual([4, 4, 2]);
    expect(found.trials.map(({ state }) => state)).toEqual(['complete', 'complete', 'running']);
  });

  test('an abort before a trial is complete rejects with its reason', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const broken = run({ signal: abort.signal, engine: fake({ onUnit: count => count === 1 && abort.abort(reason) }) });
    await expect(broken).rejects.toBe(reason);
  });

  test('maxTime begins no further trial, and ends as ever', async () => {
    let isLate = false;
    const progress = async ({ type, trial }: SearchEvent) => {
      if (type !== 'ended' || trial !== 2 || isLate) return;
      isLate = true;
      await new Promise(resolve => setTimeout(resolve, 60));
    };
    const found = await run({ maxTime: 50, progress });
    expect(found.stopped).toBe('the maxTime of 50 ms is over');
    expect(found.trials.length).toBeLessThanOrEqual(3);
    expect(found.chosen.isConfirmed).toBe(true);
  });
});

describe('refused before anything happens', () => {
  const refused = [
    ['an unknown option', { seeds: 3 }, OptionError],
    ['a space without values', { space: {} }, OptionError],
    ['more folds than rows', { folds: kFold({ k: 50 }) }, OptionError],
    ['a metric that does not tell which way is better', { metric: 'valThing' }, OptionError],
    ['a folder where there are no files', { store: 'runs/x' }, OptionError],
    ['an engine that is none', { engine: 'local' }, OptionError],
    ['a wrong confirmation', { confirm: { top: 0 } }, OptionError],
  ] as const;
  test.each(refused)('%s', async (_, more, kind) => {
    let units = 0;
    const engine = fake({ onUnit: () => void units++ });
    await expect(search(formula, rows(), { ...options, engine, ...(more as object) })).rejects.toThrow(kind);
    expect(units).toBe(0);
  });

  test('data that are none', async () => {
    const searched = (data: never) => search(formula, data, options);
    for (const data of [
      null,
      {},
      { x: [[1]] },
      { x: [[1], [2]], y: [1] },
      { x: [[Number.NaN]], y: [1] },
      { x: [], y: [] },
    ])
      await expect(searched(data as never)).rejects.toThrow(DataError);
  });

  test('a trial that is none', async () => {
    await expect(search('trial.js' as never, rows(), options)).rejects.toThrow(OptionError);
  });
});
