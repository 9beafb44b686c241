import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SearchError } from '../../src/errors.ts';
import { asha } from '../../src/pruners/asha.ts';
import { random } from '../../src/samplers/random.ts';
import { sobol } from '../../src/samplers/sobol.ts';
import { tpe } from '../../src/samplers/tpe.ts';
import { float, keepProb } from '../../src/space/makers.ts';
import { kFold } from '../../src/splits/kFold.ts';
import type { SearchEvent } from '../../src/study/progress.ts';
import { search } from '../../src/study/search.node.ts';
import { freshFolder, journalOf, linesOf, withoutTimes } from '../support/folders.ts';
import { failsBelow, fake, formula, pruner, rows, settings, truth } from '../support/problem.ts';

const all = process.env.CASES === 'all';
const options = { ...settings, trials: 6, sampler: random(), folds: kFold({ k: 3 }), pruner } as const;
const run = (store: string, more: object = {}) =>
  search(formula, rows(), { ...options, store, engine: fake(), resume: true, ...more });

/** Ends what is in the worse half at the second epoch. */
const best = asha({ first: 2 });
const rungs = () => fake({ curve: values => [9, truth(values, 0, 1), truth(values, 0, 1)] });

/** One trial that fails, so that there is one. */
const engineUntil = (stop: number, abort: AbortController) =>
  fake({
    value: failsBelow(0.4),
    onUnit: count => count === stop && abort.abort(),
  });

const calm = async () => {
  const store = freshFolder();
  const found = await run(store, { engine: engineUntil(-1, new AbortController()) });
  return { found, lines: linesOf(store) };
};

describe('a search that goes on', () => {
  test('comes to what it would have come to, wherever it was interrupted', async () => {
    const { found, lines } = await calm();
    const states = found.trials.map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['complete', 'pruned', 'failed']));
    const units = found.trials.reduce((sum, trial) => sum + trial.units.length, 0);
    // `npm test` tries every third unit
    for (let stop = 0; stop < units; stop += all ? 1 : 3) {
      const store = freshFolder();
      const abort = new AbortController();
      await run(store, { signal: abort.signal, engine: engineUntil(stop, abort) }).catch(() => undefined);
      expect(abort.signal.aborted).toBe(true);
      const again = await run(store, { engine: engineUntil(-1, new AbortController()) });
      expect(withoutTimes(linesOf(store))).toEqual(withoutTimes(lines));
      expect({ ...again, journal: '' }).toEqual({ ...found, journal: '' });
    }
  });

  test('comes to the same after a kill at any byte of its journal', async () => {
    const { found, lines } = await calm();
    const text = `${lines.join('\n')}\n`;
    // in the middle of each record, and behind it
    const ends = lines.map((_, i) => lines.slice(0, i + 1).join('\n').length + 1);
    const cuts = ends.flatMap((end, i) => [end - Math.ceil((lines[i] ?? '').length / 2), end]);
    for (const length of [1, ...cuts.filter((_, i) => i % (all ? 1 : 9) === 0)]) {
      const store = freshFolder();
      await run(store, { trials: 1, confirm: false });
      writeFileSync(journalOf(store), text.slice(0, length));
      const again = await run(store, { engine: engineUntil(-1, new AbortController()) });
      expect(withoutTimes(linesOf(store))).toEqual(withoutTimes(lines));
      expect({ ...again, journal: '' }).toEqual({ ...found, journal: '' });
    }
  });

  test('computes nothing again where it was over', async () => {
    const store = freshFolder();
    const found = await run(store);
    const before = linesOf(store);
    const again = await run(store, { engine: fake({ onUnit: () => expect.unreachable() }) });
    expect(again).toEqual(found);
    expect(linesOf(store)).toEqual(before);
  });

  test('takes the seed from its journal, and more trials than before', async () => {
    const store = freshFolder();
    const { seed: _, ...rest } = options;
    const first = await search(formula, rows(), { ...rest, store, engine: fake(), trials: 2 });
    const again = await search(formula, rows(), { ...rest, store, engine: fake(), resume: true, trials: 9 });
    expect(again.seed).toBe(first.seed);
    expect(again.trials.slice(0, 2).map(({ point }) => point)).toEqual(
      first.trials.slice(0, 2).map(({ point }) => point),
    );
    expect(again.trials.length).toBeGreaterThanOrEqual(9);
  });

  test.each([
    ['random', random()],
    ['tpe', tpe({ startup: 3 })],
    ['sobol', sobol()],
  ])(
    'with more trials comes to what one longer search comes to, but for the numbers of trials: %s',
    async (_, sampler) => {
      const [store, whole] = [freshFolder(), freshFolder()];
      // with a rate, each end has another "off" of its own
      const how = { sampler, pruner: best, engine: rungs(), space: { keep: keepProb(0.3, 1), rate: float(0, 1) } };
      for (const trials of [3, 5, 9]) await run(store, { ...how, trials });
      const again = await run(store, { ...how, trials: 12 });
      const longer = await run(whole, { ...how, trials: 12 });
      const asked = ({ trials }: typeof longer) =>
        trials
          .filter(({ isOff, number }) => !isOff || number === 0)
          .map(({ point, state, value, error }) => ({ point, state, value, error }));
      expect(again.trials.some(({ isOff, number }) => isOff && number > 0 && number < 12)).toBe(true);
      expect(new Set(longer.trials.map(({ state }) => state))).toEqual(new Set(['complete', 'pruned']));
      expect(asked(again)).toEqual(asked(longer));
      const plain = ({ chosen: { trial: _t, ...chosen }, against: { off }, importance }: typeof longer) => {
        const { off: _o, trial: _u, ...difference } = off ?? { off: 0, trial: 0 };
        return { chosen, difference, importance };
      };
      expect(plain(again)).toEqual(plain(longer));
    },
  );

  test('after a unit that its pruner ended in the middle: later ones are compared with it as without the interruption', async () => {
    const how = { pruner: best, engine: rungs(), trials: 8 };
    const whole = freshFolder();
    const found = await run(whole, how);
    expect(found.trials.filter(({ state }) => state === 'pruned').length).toBeGreaterThan(1);
    for (const trials of [2, 3, 4, 5, 6]) {
      const store = freshFolder();
      const abort = new AbortController();
      const progress = ({ type, trial }: SearchEvent) => type === 'trial' && trial === trials && abort.abort();
      await run(store, { ...how, progress, signal: abort.signal }).catch(() => undefined);
      await run(store, how);
      expect(withoutTimes(linesOf(store))).toEqual(withoutTimes(linesOf(whole)));
    }
  });

  test('goes on after three failures in a row, when they were mended', async () => {
    const store = freshFolder();
    await expect(run(store, { engine: fake({ value: () => Number.NaN }) })).rejects.toMatchObject({
      problem: 'failing',
      message: expect.stringMatching(/^3 trials in a row failed for the same reason: it is NaN\. Correct the trial/),
    });
    const found = await run(store);
    expect(found.trials.map(({ state }) => state).slice(0, 3)).toEqual(['failed', 'failed', 'failed']);
    expect(found.trials.length).toBe(6);
    expect(found.trials[0]?.reason).toBe('it is NaN');
  });
});

describe('refused, with everything as it was', () => {
  const others = [
    ['another space', { space: { keep: keepProb(0.2, 1) } }, 'the space'],
    ['another config around it', { space: { keep: keepProb(0.3, 1), units: 8 } }, 'the space'],
    ['other folds', { folds: kFold({ k: 4 }) }, 'the folds'],
    ['another metric', { metric: 'valCost' }, 'the metric'],
    ['another mode', { mode: 'max' }, 'the mode'],
    ['scaling', { scale: 'standardize' }, 'the scaling'],
    ['another seed', { seed: 8 }, 'the seed'],
  ] as const;
  test.each(others)('%s', async (_, more, what) => {
    const store = freshFolder();
    await run(store, { trials: 1 });
    const before = readFileSync(journalOf(store), 'utf8');
    const other = run(store, more as object);
    await expect(other).rejects.toThrow(`belongs to another search, which differs in ${what}: `);
    await expect(other).rejects.toMatchObject({ problem: 'different' });
    expect(readFileSync(journalOf(store), 'utf8')).toBe(before);
  });

  test('other data', async () => {
    const store = freshFolder();
    await run(store, { trials: 1 });
    const other = search(formula, rows(41), { ...options, store, resume: true, engine: fake() });
    await expect(other).rejects.toThrow('the data');
  });

  test('a folder with a search, unless it goes on', async () => {
    const store = freshFolder();
    await run(store, { trials: 1 });
    await expect(run(store, { resume: false })).rejects.toMatchObject({ problem: 'exists' });
  });

  test('a folder that cannot be', async () => {
    const store = freshFolder();
    await run(store, { trials: 1 });
    const broken = run(`${journalOf(store)}/deeper`);
    await expect(broken).rejects.toThrow(SearchError);
    await expect(broken).rejects.toMatchObject({ problem: 'storage' });
  });

  test('two searches in one folder at once', async () => {
    const store = freshFolder();
    const first = run(store);
    await expect(run(store)).rejects.toMatchObject({ problem: 'inUse' });
    await first;
  });

  test('a journal that another program writes to while the search runs', async () => {
    const store = freshFolder();
    const engine = fake({ onUnit: count => count === 4 && appendFileSync(journalOf(store), '{"op_code":2}\n') });
    const broken = run(store, { engine });
    await expect(broken).rejects.toThrow(SearchError);
    await expect(broken).rejects.toThrow('another program wrote');
  });

  const hostile = [
    ['another file', 'hello\nworld\n'],
    ['another file without an end of line', '{"a":1}'],
    ['a journal of Optuna', '{"op_code":0,"study_name":"theirs","directions":[1],"worker_id":"x"}\n'],
    ['a header of no kind', '{"op_code":0,"study_name":"x","directions":[1],"keepprob":{"format":2}}\n'],
    ['no record', '[]\n'],
    ['deep lists', `${'['.repeat(100_000)}\n`],
  ] as const;
  test.each(hostile)('%s', async (_, text) => {
    const store = freshFolder();
    await run(store, { trials: 1 });
    writeFileSync(journalOf(store), text);
    await expect(run(store)).rejects.toMatchObject({ problem: 'damaged' });
    expect(readFileSync(journalOf(store), 'utf8')).toBe(text);
  });

  const changed = [
    ['a line that is none', 3, () => 'nothing'],
    ['a unit without a number', 3, (line: string) => line.replace(/"value":[\d.]+/, '"value":"1"')],
    ['a unit of another trial', 3, (line: string) => line.replace('"trial":0', '"trial":1')],
    [
      'a trial outside of the space',
      2,
      (line: string) => line.replace('"keepprob:point":{"keep":1}', '"keepprob:point":{"keep":7}'),
    ],
    [
      'a trial without its number',
      2,
      (line: string) => line.replace('"keepprob:point":{"keep":1}', '"keepprob:point":{"__proto__":1}'),
    ],
  ] as const;
  test.each(changed)('%s', async (_, index, change) => {
    const store = freshFolder();
    await run(store, { trials: 1 });
    const lines = linesOf(store).map((line, i) => (i === index ? change(line) : line));
    writeFileSync(journalOf(store), `${lines.join('\n')}\n`);
    await expect(run(store)).rejects.toMatchObject({ problem: 'damaged' });
    expect(linesOf(store)).toEqual(lines);
  });
});

test('a unit that is told twice counts once, and what is not ours is passed over', async () => {
  const { found, lines } = await calm();
  const store = freshFolder();
  await run(store, { trials: 1, confirm: false });
  const foreign = '{"op_code":4,"study_id":0,"datetime_start":null,"worker_id":"theirs"}';
  const twice = lines
    .slice(0, 3)
    .concat(
      lines[3] ?? '',
      lines[3]?.replace(/"value":[\d.]+/, '"value":9') ?? '',
      '{"op_code":2,"study_id":0,"user_attr":{"a":1},"worker_id":"x"}',
      lines.slice(4),
      foreign,
    );
  writeFileSync(journalOf(store), `${twice.join('\n')}\n`);
  const again = await run(store, { engine: engineUntil(-1, new AbortController()) });
  expect({ ...again, journal: '' }).toEqual({ ...found, journal: '' });
});
