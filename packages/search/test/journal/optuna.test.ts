/**
 * Optuna and optuna-dashboard read our journals. Runs where Python can import them, elsewhere it is skipped by name: PYTHON is the interpreter, such as that of a venv,
 * and PYTHONPATH may lead to their repositories. Read like this: Optuna 5.0.0, optuna-dashboard 0.20.0, Python 3.11.
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
const imports = (name: string): boolean => spawnSync(python, ['-c', `import ${name}`]).status === 0;
const hasOptuna = imports('optuna');
const programAt = (name: string): string => fileURLToPath(new URL(`../programs/${name}`, import.meta.url));

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

interface Shown {
  readonly name: string;
  readonly trials: readonly { readonly number: number; readonly state: string }[];
  readonly params: readonly string[];
  readonly importances: readonly (readonly string[])[];
}

function told(program: string, ...more: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(python, [programAt(program), ...more], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

const read = (store: string, ...more: readonly string[]): Read =>
  JSON.parse(told('journal.py', journalOf(store), ...more));
const shown = (store: string): Shown => JSON.parse(told('dashboard.py', journalOf(store)));

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

describe.skipIf(!hasOptuna || !imports('optuna_dashboard'))('optuna-dashboard', () => {
  test('shows every trial, the space and the importances', async () => {
    const store = freshFolder();
    const found = await search(formula, rows(), { ...options, store, engine: engine() });
    const { name, trials, params, importances } = shown(store);
    expect(name).toBe('keepprob');
    const states = { complete: 'Complete', pruned: 'Pruned', failed: 'Fail', running: 'Running' };
    expect(trials.map(({ number, state }) => ({ number, state }))).toEqual(
      found.trials.map(({ number, state }) => ({ number, state: states[state] })),
    );
    expect(params).toEqual(['keep', 'kind', 'kind[1].beta', 'rate', 'units']);
    expect(importances.map(names => [...names].sort())).toEqual([params]);
  });
});
