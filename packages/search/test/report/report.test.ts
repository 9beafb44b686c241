/** The page: that it says what was found, number by number, and that nothing gets out of it or into it. */
import { OptionError } from '@keepprob/core';
import { DOMParser } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import { TrialError } from '../../src/errors.ts';
import { none } from '../../src/pruners/none.ts';
import { type Report, report } from '../../src/report/report.ts';
import { random } from '../../src/samplers/random.ts';
import { choice, float, int, keepProb } from '../../src/space/makers.ts';
import { kFold } from '../../src/splits/kFold.ts';
import type { Found } from '../../src/study/found/found.ts';
import { search } from '../../src/study/search.ts';
import { fake, formula, rows, settings, truth } from '../support/problem.ts';

const options = {
  ...settings,
  trials: 20,
  confirm: { top: 2, seeds: 2 },
  pruner: none(),
  sampler: random(),
} as const;
const run = (more: object = {}): Promise<Found> => search(formula, rows(), { ...options, engine: fake(), ...more });

const parsed = ({ html }: Report): Document =>
  new DOMParser().parseFromString(html, 'text/html') as unknown as Document;
const textOf = (page: Document, selector: string): string => page.querySelector(selector)?.textContent ?? '';
const rowsIn = (page: Document, selector: string): string[][] =>
  [...page.querySelectorAll(`${selector} tbody tr`)].map(row =>
    [...row.children].map(cell => (cell.textContent ?? '').replaceAll('\u00a0', ' ')),
  );
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
/** The mean and its standard error, as the page writes them: to the second digit of the error. */
const written = (values: readonly number[]): string => {
  const [m, n] = [mean(values), values.length];
  const error = Math.sqrt(values.reduce((sum, v) => sum + (v - m) ** 2, 0) / (n - 1) / n);
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(error)));
  return `${m.toFixed(decimals)} ± ${error.toFixed(decimals)}`;
};

describe('a planted study', () => {
  let found: Found;
  let made: Report;
  let page: Document;
  beforeAll(async () => {
    found = await run();
    made = await report(found, { title: 'A & B' });
    page = parsed(made);
  });
  const onSearch = (trial: number) =>
    (found.trials[trial]?.units ?? []).filter(({ fold }) => fold < 4).map(u => u.value);
  const onFresh = (trial: number) =>
    (found.trials[trial]?.units ?? []).filter(({ fold }) => fold >= 4).map(u => u.value);

  test('the verdict comes first, with its interval and what it rests on', () => {
    const ids = [...page.querySelectorAll('section')].map(({ id }) => id);
    expect(ids).toEqual(['verdict', 'chosen', 'parameters', 'importance', 'trials', 'history', 'folds', 'unknown']);
    const { off } = found.against;
    expect(off?.verdict).toBe('helps');
    const [verdict = ''] = found.text.split('\n');
    expect(textOf(page, '#verdict .verdict')).toBe(verdict);
    expect(page.querySelector('#verdict .verdict')?.className).toContain('good');
    const [compared, ...rests] = rowsIn(page, '#verdict');
    expect(compared?.slice(0, 3)).toEqual(['valLoss', written(onFresh(off?.trial ?? -1)), written(onFresh(0))]);
    expect(rests).toContainEqual(['rows', '40']);
    expect(rests).toContainEqual(['trials', '20 complete']);
    expect(rests).toContainEqual(['confirmed on', '8 fresh pairs of fold and seed, for 3 trials']);
    expect(rests).toContainEqual(['seed', '7']);
    expect(made.text).toContain(verdict);
    expect(page.title).toBe('A & B');
  });

  test('the chosen values can be copied', () => {
    expect(JSON.parse(textOf(page, '#chosen code'))).toEqual(found.chosen.values);
    expect(textOf(page, '#chosen .verdict')).toContain(`trial ${found.chosen.trial}`);
  });

  test('the best trials have their means on the search and on fresh pairs', () => {
    const [first] = [...found.trials].sort((a, b) => (a.value ?? 9) - (b.value ?? 9));
    const list = rowsIn(page, '#trials table');
    expect(list[0]?.slice(0, 3)).toEqual([
      ...[String(first?.number), written(onSearch(first?.number ?? 0)), written(onFresh(first?.number ?? 0))],
    ]);
    const off = list.find(([number]) => number === '0');
    expect(off?.slice(0, 5)).toEqual(['0', written(onSearch(0)), written(onFresh(0)), '–', 'complete, "off"']);
    const all = rowsIn(page, '#trials details');
    expect(all.map(([number]) => number)).toEqual(found.trials.map(({ number }) => String(number)));
  });

  test('the curve over keepProb goes from 1 down: medians of neighbours, "off" marked', () => {
    const trials = [...found.trials].sort((a, b) => (b.point.keep ?? 0) - (a.point.keep ?? 0));
    const [first] = rowsIn(page, '#parameters details');
    const three = trials.slice(0, 3).map(({ value }) => value ?? 0);
    expect(first?.[0]).toMatch(/^1 to 0\.\d+$/);
    expect(first?.[1]).toBe('3');
    expect(first?.[2]).toContain(Number([...three].sort()[1]?.toPrecision(3)).toString());
    expect(textOf(page, '#parameters svg')).toContain('1, off');
  });

  test('every unit is in the table behind the heat map', () => {
    const cells = rowsIn(page, '#folds');
    expect(cells.length).toBe(20);
    for (const [number = '', ...values] of cells)
      expect(values).toEqual(onSearch(Number(number)).map(value => String(Number(value.toPrecision(3)))));
  });

  test('the history tells the best so far', () => {
    const list = rowsIn(page, '#history details');
    expect(list.length).toBe(20);
    expect(list.at(-1)?.[3]).toContain(written(onSearch(Number(/trial (\d+)/.exec(list.at(-1)?.[3] ?? '')?.[1]))));
    expect(textOf(page, '#history .verdict')).toContain('20 trials: 20 complete');
  });

  test('shares are those of importance', () => {
    expect(rowsIn(page, '#importance details')[0]).toEqual(['keep', '100 %']);
  });

  test('every picture has a title, axes with names and a table; none asks for anything', () => {
    const figures = [...page.querySelectorAll('figure')];
    expect(figures.length).toBe(6);
    for (const figure of figures) {
      expect(figure.querySelector('figcaption')?.textContent).toBeTruthy();
      expect(figure.querySelector('svg')?.getAttribute('aria-label')).toBeTruthy();
    }
    // the difference stands in a table of its own
    expect(figures.filter(figure => figure.querySelector('details table')).length).toBe(5);
    const of = (selector: string) => page.querySelectorAll(selector).length;
    expect([of('script'), of('link'), of('img'), of('iframe'), of('[src]'), of('[onload]')]).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
    expect(made.html).not.toMatch(/url\(|@import|javascript:|(?<!xmlns=")https?:/);
    expect(made.html).not.toMatch(/NaN|undefined|\[object|Infinity/);
    expect(made.html.length).toBeLessThan(120_000);
  });

  test('the same comes of it after JSON', async () => {
    const again = JSON.parse(JSON.stringify(found));
    expect((await report(again, { title: 'A & B' })).html).toBe(made.html);
  });

  test('one picture of its own', async () => {
    const svg = await found.picture();
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg".*<\/svg>$/s);
    expect(svg).toContain('1, off');
    expect(svg).toContain('Regularization helps');
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});

const words = (found: Found, id: string) => report(found).then(made => textOf(parsed(made), `#${id} .verdict`));

describe('other studies', () => {
  test('where regularization hurts, and where more is better', async () => {
    const hurts = await run({ engine: fake({ value: ({ keep }) => 2 - keep }) });
    expect(await words(hurts, 'verdict')).toMatch(/^Regularization hurts.*leave it off/);
    const engine = fake({ value: (...at) => -truth(...at) });
    const more = await run({ metric: 'valAccuracy', engine });
    const made = await report(more);
    expect(textOf(parsed(made), '#verdict svg')).toMatch(/← hurts.*helps →/);
    expect(made.html).toContain('valAccuracy, more is better');
    const best = [...more.trials].sort((a, b) => (b.value ?? -9) - (a.value ?? -9))[0];
    expect(textOf(parsed(made), '#trials .verdict')).toContain(`In the search trial ${best?.number},`);
  });

  test('not confirmed: what it says is told to be too good', async () => {
    const found = await run({ confirm: false });
    expect(await words(found, 'verdict')).toMatch(/not confirmed on fresh folds/);
    expect(textOf(parsed(await report(found)), '#unknown')).toMatch(/likely too good/);
  });

  test('a single trial on a single fold', async () => {
    const found = await run({ trials: 1, confirm: false, folds: kFold({ k: 2 }) });
    const made = await report(found);
    expect(made.html).not.toMatch(/NaN|undefined|Infinity/);
    expect(textOf(parsed(made), '#importance .verdict')).toMatch(
      /^Cannot tell: that takes 10 complete trials, and there is 1\./,
    );
  });

  test('"off" beside the bounds does not count for importance', async () => {
    const space = { keep: keepProb(0.3, 1), rate: float(1e-4, 1e-1, { log: true, off: 0 }) };
    const found = await run({ space, trials: 2, pruner: none(), confirm: false, folds: kFold({ k: 2 }) });
    expect(await words(found, 'importance')).toBe(
      'Cannot tell: that takes 10 complete trials within the bounds of the space, and there is 1.',
    );
  });

  test('nothing has an "off"', async () => {
    const found = await run({ space: { keep: float(0.3, 0.9) } });
    expect(await words(found, 'verdict')).toMatch(
      /^There is nothing to compare with: nothing in the space has an "off"/,
    );
  });

  test('branches: only trials that have a parameter stand in its picture', async () => {
    const space = {
      keep: keepProb(0.3, 1),
      kind: choice([{ name: 'relu' }, { name: 'swish', beta: float(0.5, 2) }]),
      units: int(8, 64, { log: true }),
      rate: float(1e-4, 1e-1, { log: true, off: 0 }),
    };
    const found = await run({ space, trials: 24 });
    const made = await report(found);
    const page = parsed(made);
    const figure = [...page.querySelectorAll('#parameters figure')].find(one =>
      one.querySelector('figcaption')?.textContent?.includes('beta'),
    );
    const counts = [...(figure?.querySelectorAll('tbody td[data-head="trials"]') ?? [])].map(cell =>
      Number(cell.textContent),
    );
    const swish = found.trials.filter(({ point }) => point.kind === 1).length;
    expect(counts.reduce((a, b) => a + b, 0)).toBe(swish);
    expect(swish).toBeLessThan(found.trials.length);
    expect(made.html).toContain('0, off');
    expect(made.html).not.toMatch(/NaN|undefined|Infinity/);
    expect(made.html.length).toBeLessThan(200_000);
  });

  test('failures are told with their reasons', async () => {
    const engine = fake({ value: (values, ...at) => (values.keep < 0.45 ? Number.NaN : truth(values, ...at)) });
    const found = await run({ engine });
    const failed = found.trials.filter(({ state }) => state === 'failed').map(({ number }) => number);
    expect(failed.length).toBeGreaterThan(1);
    const page = parsed(await report(found));
    expect(rowsIn(page, '#history table')).toContainEqual(['it is NaN', failed.join(', ')]);
  });
});

test('names, values and reasons of others are words, not HTML', async () => {
  const evil = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>';
  const space = { [evil]: keepProb(0.3, 1), kind: choice([evil, '</style><b>', 'calm'], { off: 'calm' }) };
  const engine = fake({
    value: (values, ...at) => {
      const keep = Number(Reflect.get(values, evil));
      if (keep < 0.45) throw new TrialError(evil);
      return truth({ keep }, ...at);
    },
  });
  const found = await run({ space, engine });
  const made = await report(found, { title: evil });
  const page = parsed(made);
  expect(page.querySelectorAll('script, img, [onerror], svg b, section b').length).toBe(0);
  expect(made.html).not.toMatch(/<(script|img)/);
  expect(page.querySelectorAll('head style').length).toBe(1);
  expect(page.title).toBe(evil);
  expect(await found.picture()).not.toMatch(/<(script|img|b>)/);
});

test.each([
  ['nothing', null],
  ['a number', 7],
  ['a folder, where there are no files', 'runs/search'],
  ['another object', { trials: [] }],
])('%s is refused', async (_, given) => {
  await expect(Promise.resolve().then(() => Reflect.apply(report, null, [given]))).rejects.toThrow(OptionError);
});
