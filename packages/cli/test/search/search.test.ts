/** Searches from end to end, as a user runs them; over a database in program.long.test.ts. */
import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModel } from '@keepprob/trainer/node';
import '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { config, iris } from '../support/iris.ts';
import type { Ended, Project } from '../support/program.ts';
import { type Searches, searchedProject, verdict } from '../support/searches.ts';

let project: Project;
let searches: Searches;
let calm: Ended;
beforeAll(async () => {
  ({ project, searches, calm } = await searchedProject());
});
afterAll(() => project.remove());

const json = async (name: string) => JSON.parse(await project.text(name));

describe('a search', () => {
  test('says what it does, then the verdict, the chosen values, and where all is', () => {
    expect({ code: calm.code, err: calm.err }).toEqual({ code: 0, err: '' });
    expect(calm.out).toMatch(/^backend +cpu \(JavaScript\)\nsearched +model\[1\]\.keepProb: 0\.3 to 1\n/);
    expect(calm.out).toMatch(/^rows +45 in 3 folds$/m);
    expect(calm.out.match(/^trial \d +complete|pruned {2}valLoss \d/gm)?.length).toBeGreaterThanOrEqual(4);
    const [first, second] = verdict(calm.out).split('\n');
    expect(first).toMatch(/valLoss is \S+ (less|more) than without \(between \S+ and \S+, in 3 folds\)/);
    expect(second).toMatch(/^chosen: model\[1\]\.keepProb [\d.]+, plugins\[0\]\.strength \S+ \(trial \d\)$/);
    expect(calm.out).toContain('to copy      calm/best.json: npx keepprob train calm/best.json');
  });

  test('leaves the model, which has the columns and the scaling of all rows beside it', async () => {
    expect((await readdir(join(project.folder, 'calm'))).sort()).toEqual(
      'best.json blobs found.json journal.log model.json preprocessing.json report.html search.json weights.bin'.split(
        ' ',
      ),
    );
    const { scaling, columns, shape } = await json('calm/preprocessing.json');
    expect({ columns, shape }).toEqual({ columns: ['a', 'b', 'c', 'd'], shape: [4] });
    const cells = iris(45)
      .split('\n')
      .slice(1)
      .map(line => line.split(',').map(Number));
    const mean = [0, 1, 2, 3].map(column => cells.reduce((sum, row) => sum + row[column]!, 0) / cells.length);
    scaling.offset.map((offset: number, column: number) => expect(offset).toBeCloseTo(mean[column]!, 5));
    const model = await loadModel(join(project.folder, 'calm'));
    expect(model.inputs[0]?.shape).toEqual([null, 4]);
    model.dispose();
  });

  test('leaves a config with the chosen values that train takes, from wherever it is called', async () => {
    const { chosen } = await json('calm/found.json');
    const best = await json('calm/best.json');
    expect(best.model[1].keepProb).toBe(chosen.point['model[1].keepProb']);
    expect(best.plugins[0].strength).toBe(chosen.point['plugins[0].strength']);
    expect(best).not.toHaveProperty('search');
    // early stopping needs rows that are set aside
    expect(best.data).toEqual({ ...config.data, train: { csv: '../iris.csv' }, validation: 0.2 });
    const { code, err } = await project.run('train', 'calm/best.json', '--out', 'trained', '--backend', 'cpu');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  test('is told again by --report', async () => {
    const { code, out } = await searches.report('calm');
    expect(code).toBe(0);
    expect(verdict(out)).toBe(verdict(calm.out));
    expect(out).toContain('calm/best.json');
    const page = await project.text('calm/report.html');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('Does regularization help here?');
  });

  test('is not begun again unasked; --resume tries more points of the same', async () => {
    const again = await searches.run('iris.json', '--out', 'calm');
    expect(again.code).toBe(2);
    expect(again.err).toMatch(/^calm already holds a search\. Continue it with --resume/);
    await cp(join(project.folder, 'calm'), join(project.folder, 'more'), { recursive: true });
    const { code, out } = await searches.run('iris.json', '--out', 'more', '--resume', '--trials', '5');
    expect(code).toBe(0);
    expect(out.match(/^trial \d/gm)).toEqual(['trial 4']);
    expect((await json('more/found.json')).trials.length).toBeGreaterThanOrEqual(5);
  });
});

describe('--resume of another search is refused, and leaves it as it was:', () => {
  const [dense, dropout, last] = config.model;
  const kept = () => Promise.all(['journal.log', 'search.json'].map(name => project.text(join('calm', name))));

  async function isRefused(change: object, message: RegExp) {
    await project.write('other.json', { ...config, ...change });
    const before = await kept();
    const { code, err } = await searches.run('other.json', '--out', 'calm', '--resume');
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
    expect(await kept()).toEqual(before);
  }

  test.each<[string, object, RegExp]>([
    [
      'another space',
      { model: [dense, { ...dropout, keepProb: { space: 'keepProb', low: 0.5, high: 1 } }, last] },
      /model was/,
    ],
    ['another layer', { model: [{ ...dense, units: 7 }, dropout, last] }, /another config: model was/],
    ['another seed', { seed: 8 }, /seed was 7, and is 8/],
  ])('%s', (_, change, message) => isRefused(change, message));

  // what the journal tells
  test.each<[string, object, RegExp]>([
    [
      'other folds',
      { search: { ...config.search, folds: { kFold: { k: 4 } } } },
      /belongs to another search, which differs in the folds: .* there, .* here\./,
    ],
    [
      'other data',
      { data: { ...config.data, train: { csv: 'other.csv' } } },
      /belongs to another search, which differs in the data: /,
    ],
  ])('%s', async (_, change, message) => {
    await project.write('other.csv', iris(48));
    await isRefused(change, message);
  });
});
