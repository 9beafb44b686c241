/** The estimate of nested cross-validation: no row of an outer fold has a say in what is measured on it. */
import { uniforms } from '@keepprob/core/random';
import { describe, expect, test } from 'vitest';
import { best } from '../../src/choice/oneStandardError.ts';
import type { Engine, Task } from '../../src/contract.ts';
import { kFold } from '../../src/splits/kFold.ts';
import { corrected, testShare } from '../../src/statistics/corrected.ts';
import { search as searchOnDisk } from '../../src/study/search.node.ts';
import { search } from '../../src/study/search.ts';
import { freshFolder, linesOf } from '../support/folders.ts';
import { failsBelow, fake, formula, rows, settings, truth } from '../support/problem.ts';

const options = { ...settings, trials: 5, nested: kFold({ k: 3 }), refit: false } as const;

/** An engine that says what it was asked for. */
function watched(onUnit: (count: number) => void = () => undefined) {
  const tasks: Task[] = [];
  const asked: { readonly task: number; readonly epochs: number | undefined; readonly value: number }[] = [];
  let count = 0;
  const engine: Engine = {
    name: 'watched',
    async open(task) {
      const number = tasks.push(task) - 1;
      const pool = await fake().open(task);
      const run: typeof pool.run = async (job, during) => {
        onUnit(count++);
        during.signal.throwIfAborted();
        const result = await pool.run(job, during);
        asked.push({ task: number, epochs: job.epochs, value: result.value });
        return result;
      };
      return { ...pool, run };
    },
  };
  return { engine, tasks, asked };
}

const sorted = (lists: readonly Int32Array[]): number[] => lists.flatMap(list => [...list]).sort((a, b) => a - b);

test('each search within an outer fold sees its training rows alone; its choice is measured on the others, once', async () => {
  const { engine, tasks, asked } = watched();
  const found = await search(formula, rows(), { ...options, engine });
  const [outermost, ...within] = tasks;
  const outer = outermost?.splits.slice(-3) ?? [];
  expect(sorted(outer.map(({ validation }) => validation))).toEqual(Array.from({ length: 40 }, (_, row) => row));
  expect(within.length).toBe(3);
  for (const [i, { splits }] of within.entries()) {
    const own = new Set(outer[i]?.train);
    for (const { train, validation } of splits)
      expect(sorted([train, validation])).toEqual([...own].sort((a, b) => a - b));
  }
  const measured = asked.filter(({ epochs }) => epochs !== undefined);
  expect(measured.map(({ task }) => task)).toEqual([0, 0, 0]);
  const values = measured.map(({ value }) => value);
  expect(found.nested?.folds.map(({ value }) => value)).toEqual(values);
  const { value, error, interval } = corrected(values, testShare(outer), 0.95);
  expect(found.nested).toMatchObject({ value, error, interval });
  expect(found.text).toMatch(
    /^valLoss of what such a search chooses: [\d.]+, between .* from 3 outer folds whose rows/m,
  );
});

test('what else is found does not depend on it', async () => {
  const { nested, text, ...found } = await search(formula, rows(), { ...options, engine: fake() });
  const {
    nested: none,
    text: _,
    ...plain
  } = await search(formula, rows(), { ...options, nested: null, engine: fake() });
  expect(nested?.folds.length).toBe(3);
  expect(none).toBe(null);
  expect(text).toContain('outer folds');
  expect(found).toEqual(plain);
});

test('where every trial is as good as any, the best of many looks better than it is, and the estimate does not', async () => {
  // uniform between 1 and 2, of each trial and fold its own
  const value = ({ keep }: { readonly keep: number }, fold: number, seed: number): number =>
    1 + (uniforms({ seed, step: Math.round(keep * 1e6), site: fold, draw: 0 }, 1)[0] ?? 0);
  const how = { ...options, trials: 30, folds: kFold({ k: 2 }), nested: kFold({ k: 20 }), confirm: false } as const;
  const found = await search(formula, rows(), { ...how, engine: fake({ value }), choose: best() });
  expect(found.chosen.value).toBeLessThan(1.25);
  const [low, high] = found.nested?.interval ?? [0, 0];
  expect(low < 1.5 && 1.5 < high).toBe(true);
  // of a uniform number: √(1/12 / 20) is .065
  expect(Math.abs((found.nested?.value ?? 0) - 1.5)).toBeLessThan(0.2);
});

describe('in a folder', () => {
  test('goes on where it was interrupted, and computes nothing again where it was over', async () => {
    const calm = freshFolder();
    let units = 0;
    const run = (store: string, more: object) =>
      searchOnDisk(formula, rows(), { ...options, store, resume: true, ...more });
    const found = await run(calm, { engine: watched(count => (units = count + 1)).engine });
    for (const stop of [units - 1, units - 9, Math.floor(units / 2)]) {
      const store = freshFolder();
      const abort = new AbortController();
      const cut = await run(store, {
        engine: watched(count => count === stop && abort.abort()).engine,
        signal: abort.signal,
      });
      expect([cut.nested, cut.stopped]).toEqual([null, 'aborted']);
      const again = await run(store, { engine: fake() });
      expect({ ...again, journal: '' }).toEqual({ ...found, journal: '' });
    }
    const before = linesOf(calm);
    const over = await run(calm, { engine: fake({ onUnit: () => expect.unreachable() }) });
    expect(over.nested).toEqual(found.nested);
    expect(linesOf(calm)).toEqual(before);
  });

  test('a search within a fold that cannot go on says which', async () => {
    const { engine } = watched();
    // all rows go well, those of outer folds do not
    const failing: Engine = {
      name: 'failing',
      open: async task => (task.folder?.includes('nested') ? fake({ value: failsBelow(2) }) : engine).open(task),
    };
    const broken = searchOnDisk(formula, rows(), { ...options, store: freshFolder(), engine: failing });
    await expect(broken).rejects.toMatchObject({ problem: 'failing' });
    await expect(broken).rejects.toThrow(/^the search within outer fold 0: 3 trials in a row failed/);
  });
});

test('progress reaches its end, and tells each outer fold', async () => {
  const seen: (number | null)[] = [];
  let last = [0, 0];
  await search(formula, rows(), {
    ...options,
    engine: fake(),
    progress: ({ type, value, done, total }) => {
      if (type === 'nested' && value !== null) seen.push(value);
      expect(done).toBeGreaterThanOrEqual(last[0] ?? 0);
      last = [done, total];
    },
  });
  expect(last[0]).toBe(last[1]);
  expect(seen.length).toBe(3);
  expect(seen.every(value => value !== null && value >= truth({ keep: 0.6 }, 0, 1) - 1)).toBe(true);
});
