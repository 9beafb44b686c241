/** The report of a folder: what a search has found, or how far it is, from its journal alone. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SearchError } from '../../src/errors.ts';
import { report } from '../../src/report/report.node.ts';
import { random } from '../../src/samplers/random.ts';
import { choice, float, keepProb } from '../../src/space/makers.ts';
import { kFold } from '../../src/splits/kFold.ts';
import { search } from '../../src/study/search.node.ts';
import { freshFolder, journalOf, linesOf } from '../support/folders.ts';
import { failsBelow, fake, formula, rows, settings } from '../support/problem.ts';

const space = {
  keep: keepProb(0.3, 1),
  rate: float(1e-4, 1e-1, { log: true, off: 0 }),
  kind: choice(['relu', { name: 'swish', beta: float(0.5, 2) }]),
};
const options = { ...settings, space, trials: 12, sampler: random(), folds: kFold({ k: 3 }) } as const;
const engine = () => fake({ value: failsBelow(0.4) });

describe('a folder', () => {
  test('gives the page that what was found gives, also after it went on', async () => {
    const store = freshFolder();
    const found = await search(formula, rows(), { ...options, store, engine: engine() });
    expect(await report(store)).toEqual(await report(found));
    const more = await search(formula, rows(), { ...options, trials: 14, store, resume: true, engine: engine() });
    expect(more.trials.length).toBeGreaterThan(found.trials.length);
    expect(await report(store)).toEqual(await report(more));
  });

  test('wherever the search was killed, there is a page', async () => {
    const store = freshFolder();
    const found = await search(formula, rows(), { ...options, store, engine: engine() });
    const lines = linesOf(store);
    for (let count = 2; count < lines.length; count += 7) {
      writeFileSync(journalOf(store), `${lines.slice(0, count).join('\n')}\n{"op`);
      const { html, text } = await report(store);
      expect(html.replaceAll('it is NaN', '')).not.toMatch(/NaN|undefined|Infinity/);
      expect(text).toMatch(/Cannot tell: (no trial has begun|the search is not over)/);
      expect(text).not.toContain(found.text.split('\n')[0]);
    }
  });

  test('a search that was aborted is told to be not over, with its best so far', async () => {
    const store = freshFolder();
    const stop = new AbortController();
    await search(formula, rows(), {
      ...options,
      store,
      engine: engine(),
      signal: stop.signal,
      progress: ({ type, trial }) => {
        if (type === 'ended' && trial === 6) stop.abort();
      },
    });
    const { text, html } = await report(store, { title: 'So far' });
    expect(text).toMatch(/the search is not over\. The best so far is trial \d+/);
    expect(text).toMatch(/Not chosen yet/);
    expect(html).toContain('<h1>So far</h1>');
  });

  test('a search in which all failed says why', async () => {
    const store = freshFolder();
    const failing = fake({ value: () => Number.NaN });
    await expect(search(formula, rows(), { ...options, store, engine: failing })).rejects.toThrow(SearchError);
    const { text, html } = await report(store);
    expect(text).toMatch(/Nothing was found: all 3 trials failed/);
    expect(html).toContain('it is NaN');
    expect(html.replaceAll('it is NaN', '')).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('is refused', () => {
  test('a search that was killed before it began', async () => {
    const store = freshFolder();
    await search(formula, rows(), { ...options, trials: 1, store, engine: fake() });
    writeFileSync(journalOf(store), `${linesOf(store)[0]}\n`);
    await expect(report(store)).rejects.toMatchObject({
      problem: 'damaged',
      message: expect.stringContaining('has not begun'),
    });
  });

  test('a folder without a journal', async () => {
    await expect(report(freshFolder())).rejects.toMatchObject({
      problem: 'damaged',
      message: expect.stringContaining('no journal.log'),
    });
  });

  test('a journal that cannot be read', async () => {
    const store = freshFolder();
    mkdirSync(journalOf(store), { recursive: true });
    const failed = report(store);
    await expect(failed).rejects.toThrow(SearchError);
    await expect(failed).rejects.toMatchObject({ problem: 'storage' });
  });

  const changed = [
    ['a space that is none', (text: string) => text.replace('"space":"keepProb"', '"space":"other"')],
    ['bounds out of order', (text: string) => text.replace('"low":0.3', '"low":3')],
    [
      'a chosen trial that there is not',
      (text: string) => text.replace(/("keepprob:outcome":\{"chosen":\{"trial":)\d+/, '$199'),
    ],
    ['a verdict of no kind', (text: string) => text.replace(/"verdict":"\w+"/, '"verdict":"<b>"')],
    [
      'an interval of words',
      (text: string) => text.replace(/("keepprob:outcome":.*?"interval":)\[[^\]]*\]/, '$1["a","b"]'),
    ],
  ] as const;
  test.each(changed)('%s', async (_, change) => {
    const store = freshFolder();
    await search(formula, rows(), { ...options, trials: 3, store, engine: fake() });
    const text = linesOf(store).join('\n');
    expect(change(text)).not.toBe(text);
    const other = freshFolder();
    cpSync(store, other, { recursive: true });
    writeFileSync(journalOf(other), `${change(text)}\n`);
    await expect(report(other)).rejects.toMatchObject({ problem: 'damaged' });
  });
});
