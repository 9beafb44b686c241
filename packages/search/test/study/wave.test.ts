import { describe, expect, test } from 'vitest';
import type { Pruner, Sampler } from '../../src/contract.ts';
import { asha } from '../../src/pruners/asha.ts';
import { random } from '../../src/samplers/random.ts';
import { holdOut } from '../../src/splits/holdOut.ts';
import { search as searchOnDisk } from '../../src/study/search.node.ts';
import { search } from '../../src/study/search.ts';
import { freshFolder, linesOf, withoutTimes } from '../support/folders.ts';
import { failsBelow, fake, formula, pruner, rows, settings } from '../support/problem.ts';

const options = { ...settings, trials: 12, confirm: { top: 3, seeds: 1 } } as const;
/** Some units take long, others none. */
const orders = [
  ['in order', () => 1],
  ['the first ones late', (unit: number) => (unit % 3 === 0 ? 9 : 0)],
  ['the last ones first', (unit: number) => 12 - (unit % 12)],
] as const;

describe('what several workers compute', () => {
  test.each([2, 3, 5])('does not depend on which of %i is faster, pruned or not', async size => {
    const run = (turns: (unit: number) => number) =>
      search(formula, rows(), {
        ...options,
        pruner,
        engine: fake({
          size,
          turns,
          value: failsBelow(0.35),
        }),
      });
    const [first, ...others] = await Promise.all(orders.map(([, turns]) => run(turns)));
    expect(first?.trials.some(({ state }) => state === 'pruned')).toBe(true);
    const plain = (found: typeof first) =>
      JSON.stringify(found, (key, value) =>
        key === 'units' && Array.isArray(value) ? value.map(unit => JSON.stringify(unit)).sort() : value,
      );
    for (const other of others) expect(plain(other)).toEqual(plain(first));
  });

  test('is what one computes, up to order and times', async () => {
    const run = async (size: number, turns: (unit: number) => number) => {
      const store = freshFolder();
      await searchOnDisk(formula, rows(), { ...options, sampler: random(), store, engine: fake({ size, turns }) });
      return withoutTimes(linesOf(store)).sort();
    };
    const alone = await run(1, () => 1);
    for (const [, turns] of orders) expect(await run(2, turns)).toEqual(alone);
  });

  test('keeps all of them busy until the wave ends', async () => {
    let most = 0;
    let now = 0;
    const engine = fake({ size: 3 });
    const counting: typeof engine = {
      name: 'counting',
      async open(task) {
        const pool = await engine.open(task);
        const run: typeof pool.run = async (...args) => {
          most = Math.max(most, ++now);
          return pool.run(...args).finally(() => now--);
        };
        return { ...pool, run };
      },
    };
    await search(formula, rows(), { ...options, engine: counting });
    expect(most).toBe(3);
    expect(now).toBe(0);
  });

  test('an engine that fails ends the search once nothing runs any more', async () => {
    let now = 0;
    const engine = fake({ size: 3, turns: () => 3 });
    const failing: typeof engine = {
      name: 'failing',
      async open(task) {
        const pool = await engine.open(task);
        let count = 0;
        const run: typeof pool.run = async (...args) => {
          if (count++ === 5) throw new RangeError('no more workers');
          now++;
          return pool.run(...args).finally(() => now--);
        };
        return { ...pool, run };
      },
    };
    await expect(search(formula, rows(), { ...options, engine: failing })).rejects.toThrow('no more workers');
    expect(now).toBe(0);
  });
});

describe('a pruner', () => {
  test('sees pairs with the best trial that ended before, after each unit', async () => {
    const seen: number[] = [];
    const watching: Pruner = {
      name: 'watching',
      prune(pairs) {
        seen.push(pairs.length);
        return false;
      },
    };
    await search(formula, rows(), { ...options, trials: 3, confirm: false, pruner: watching, engine: fake() });
    expect(seen).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test('that looks at epochs ends a unit in the middle, and the trial with it', async () => {
    const seen: [number, number, readonly number[]][] = [];
    const stopping: Pruner = {
      name: 'stopping',
      prune: () => false,
      stop(epoch, value, others) {
        seen.push([epoch, value, others]);
        return epoch === 2 && others.length > 0 && value > Math.min(...others);
      },
    };
    const found = await search(formula, rows(), {
      ...options,
      trials: 3,
      confirm: false,
      pruner: stopping,
      engine: fake({ curve: ({ keep }) => [1, 2, 3].map(epoch => 2 - keep - epoch / 10) }),
    });
    // "off" has nobody before it; the others are worse after two epochs
    expect(found.trials.map(({ state }) => state)).toEqual(['complete', 'pruned', 'pruned']);
    expect(found.trials.map(({ units }) => units.length)).toEqual([4, 0, 0]);
    expect(found.trials[1]?.value).toBe(null);
    expect(
      seen.filter(([, , others]) => others.length > 0).every(([epoch, , [other]]) => other === 1 - epoch / 10),
    ).toBe(true);
  });

  test('is compared at a rung with all that came to it, those that were ended there included', async () => {
    const seen = new Map<number, number[]>();
    const watched: Pruner = {
      ...asha({ first: 2 }),
      stop(epoch, value, others) {
        if (epoch === 2) seen.set(value, [...others].sort());
        return asha({ first: 2 }).stop(epoch, value, others);
      },
    };
    // keep of "off", then of the points in their order: each has its keep at the rung
    const points = [0.9, 0.95, 0.5, 0.7];
    const sampler: Sampler = { name: 'fixed', suggest: (_, told) => ({ keep: points[told.length - 1] ?? 0.3 }) };
    const found = await search(formula, rows(), {
      ...{ ...settings, trials: 5, folds: holdOut({ fraction: 0.3 }), confirm: false, pruner: watched, sampler },
      engine: fake({ curve: ({ keep }) => [2, keep, 2] }),
    });
    const at = (keep: number) => seen.get(keep);
    expect([at(1), at(0.9), at(0.95), at(0.5), at(0.7)]).toEqual([
      [],
      [1],
      [0.9, 1],
      [0.9, 0.95, 1],
      [0.5, 0.9, 0.95, 1],
    ]);
    // 0.95 was ended as the second of three; that it came to the rung lets 0.7 pass, the second of five
    expect(found.trials.slice(0, 5).map(({ state }) => state)).toEqual([
      'complete',
      'complete',
      'complete',
      'complete',
      'complete',
    ]);
  });
});
