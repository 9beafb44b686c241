/**
 * Optuna reads our journals. Runs where `python3` can import Optuna, such as with PYTHONPATH set to its repository; elsewhere it is skipped by name. Read like
 * this: Optuna 5.0.0.dev (commit 1d8ce7bb), Python 3.11.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { random } from '../../src/samplers/random.ts';
import { choice, float, int, keepProb } from '../../src/space/makers.ts';
import { kFold } from '../../src/splits/kFold.ts';
import { search } from '../../src/study/search.node.ts';
import { freshFolder, journalOf } from '../support/folders.ts';
import { failsBelow, fake, formula, rows, settings } from '../support/problem.ts';

const python = process.env.PYTHON ?? '/usr/bin/python3';
const hasOptuna = spawnSync(python, ['-c', 'import optuna']).status === 0;
const program = fileURLToPath(new URL('../programs/journal.py', import.meta.url));

interface Read {
  readonly direction: string;
  readonly metric: readonly string[];
  readonly best: number;
  readonly trials: readonly {
    readonly number: number;
    readonly state: string;
    readonly value: number | null;
    readonly params: Readonly<Record<string, number | string>>;
    readonly steps: readonly number[];
    readonly reason: string | null;
    readonly low: number | null;
  }[];
}

function read(store: string, ...more: readonly string[]): Read {
  const { stdout, stderr, status } = spawnSync(python, [program, journalOf(store), ...more], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

const space = {
  keep: keepProb(0.3, 1),
  rate: float(1e-4, 1e-1, { log: true, off: 0 }),
  units: int(8, 64, { step: 8 }),
  kind: choice([{ name: 'relu' }, { name: 'swish', beta: float(0.5, 2) }]),
};
const options = { ...settings, space, trials: 12, sampler: random(), folds: kFold({ k: 5 }) } as const;
const engine = () => fake({ value: failsBelow(0.45) });

describe.skipIf(!hasOptuna)('Optuna', () => {
  test('reads every trial with its parameters, units and end', async () => {
    const store = freshFolder();
    const found = await search(formula, rows(), { ...options, store, engine: engine() });
    const { trials, direction, metric, best } = read(store);
    expect([direction, metric]).toEqual(['MINIMIZE', ['valLoss']]);
    const states = { complete: 'COMPLETE', pruned: 'PRUNED', failed: 'FAIL', running: 'RUNNING' };
    expect(new Set(trials.map(({ state }) => state))).toEqual(new Set(['COMPLETE', 'PRUNED', 'FAIL']));
    expect(trials.length).toBe(found.trials.length);
    for (const [i, trial] of found.trials.entries()) {
      const { number, state, value, params, steps, reason } = trials[i] ?? expect.unreachable();
      expect({ number, state, reason }).toEqual({
        number: trial.number,
        state: states[trial.state],
        reason: trial.reason,
      });
      if (trial.state === 'complete') expect(value).toBe(trial.value);
      const { kind, ...point } = trial.point;
      expect(params.kind).toContain(kind === 1 ? 'swish' : 'relu');
      // "off" lies outside of a space without 0
      const inside = Object.entries(point).filter(([name, number]) => !(name === 'rate' && number === 0));
      expect(params).toMatchObject(Object.fromEntries(inside));
      expect('rate' in params).toBe(!trial.isOff);
      expect(steps).toEqual(trial.units.map(({ fold }) => fold).filter(fold => fold < 5));
    }
    const complete = found.trials.filter(({ state }) => state === 'complete');
    expect(best).toBe(complete.reduce((a, b) => ((a.value ?? 9) <= (b.value ?? 9) ? a : b)).number);
  });

  test('may go on with a search, and the search with what it left', async () => {
    const store = freshFolder();
    const simple = { ...options, space: { keep: keepProb(0.3, 1) }, trials: 4 };
    const found = await search(formula, rows(), { ...simple, store, engine: engine() });
    expect(read(store, 'continue').trials.length).toBe(found.trials.length + 1);
    const more = await search(formula, rows(), { ...simple, trials: 6, store, engine: engine(), resume: true });
    expect(more.trials.length).toBeGreaterThanOrEqual(6);
    const { trials } = read(store);
    expect(trials.length).toBe(more.trials.length + 1);
    const ours = trials.filter((_, i) => i !== found.trials.length);
    expect(ours.map(({ params }) => params.keep)).toEqual(more.trials.map(({ point }) => point.keep));
  });
});
