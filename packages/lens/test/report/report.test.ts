/** The report: what it says of a model whose facts are known, what it cannot tell and why, and that nothing gets out of it. */
import { DataError, OptionError } from '@keepprob/core';
import { dropConnect, dropout, dropoutLSTM } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { DOMParser } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Report, type ReportOptions, report } from '../../src/index.ts';
import { escaped, html } from '../../src/report/html.ts';
import { sectionNames } from '../../src/report/sectionNames.ts';
import { style } from '../../src/report/style.ts';
import { Fails } from '../support/broken.ts';
import { classes, glorot, loss, net, stateOf } from '../support/nets.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const { dense } = tf.layers;
const parsed = ({ html }: Report): Document =>
  new DOMParser().parseFromString(html, 'text/html') as unknown as Document;
const quiet = (model: tf.LayersModel, data: object | null = classes(), more: ReportOptions = {}): Promise<Report> =>
  report(model, data as never, { progress: false, ...more });
const textOf = (page: Document, id: string): string => page.querySelector(`#${id}`)?.textContent ?? '';

describe('a model that was trained, with everything that is asked for', () => {
  let model: tf.LayersModel;
  let found: Report;
  let page: Document;
  let left: { tensors: number; state: unknown; before: unknown };
  beforeAll(async () => {
    model = net();
    const [data, validation] = [classes(60), classes(60)];
    const plugins = [l2(1e-3)];
    const optimizer = tf.train.adam(0.01);
    const run = await fit(model, data, {
      ...{ loss, optimizer, epochs: 6, batchSize: 20, seed: 3, plugins, validation: validation, progress: false },
    });
    optimizer.dispose();
    const before = stateOf(model);
    const tensors = tf.memory().numTensors;
    found = await quiet(model, data, { validation, run, plugins, measure: { seeds: 2, epochs: 2 }, title: 'A & B' });
    left = { tensors: tf.memory().numTensors - tensors, state: stateOf(model), before };
    page = parsed(found);
  });

  test('every section has a verdict, and the page repeats it at a glance', () => {
    const ids = [...page.querySelectorAll('section')].map(s => s.id);
    expect(ids).toEqual([...sectionNames, 'unknown']);
    for (const name of sectionNames) {
      const verdict = page.querySelector(`#${name} .verdict`)?.textContent as string;
      expect(verdict.length).toBeGreaterThan(10);
      expect(page.querySelector(`.glance a[href="#${name}"]`)?.nextElementSibling?.textContent).toBe(verdict);
      expect(found.text).toContain(verdict);
    }
    expect(page.title).toBe('A & B');
  });

  test('the model is the one that was given', () => {
    const { model: facts } = found.findings;
    expect(facts).toMatchObject({
      parameters: { total: 5 * 10 + 10 + 10 * 3 + 3, trained: 93 },
      loss: 'categoricalCrossentropy',
      plugins: [{ name: 'l2', config: { strength: 1e-3 } }],
      warnings: [],
    });
    const rows = [...page.querySelectorAll('#model tbody')[0]!.querySelectorAll('tr')];
    expect(rows.map(row => [...row.children].map(cell => cell.textContent))).toContainEqual([
      ...['drop', 'KeepprobDropout', 'rows × 10', '–', 'keepProb 0.5'],
    ]);
  });

  test('numbers are those of the findings, and survive JSON', () => {
    const again = JSON.parse(JSON.stringify(found.findings));
    expect(again.cost.descent.costs).toHaveLength(101);
    expect(again.effectiveL2.sites.map((s: { name: string }) => s.name)).toEqual(['drop']);
    expect(again.weights.squaredNorm).toBeGreaterThan(0);
    expect(again.keepProbs).toMatchObject({
      keepProbs: {},
      set: {},
      layers: [{ now: [{ name: 'drop', keepProb: 0.5 }] }, {}],
    });
    expect(again.mask.dropouts[0].kept).toHaveLength(10);
    expect(again.effect.seeds).toBe(2);
    expect(JSON.stringify(again)).not.toMatch(/picture/);
  });

  test('what it has already is not suggested again', () => {
    expect(page.querySelector('#keepProbs code')).toBeNull();
  });

  test('asks for nothing and runs nothing', () => {
    const of = (selector: string) => page.querySelectorAll(selector).length;
    expect([of('script'), of('link'), of('img'), of('iframe'), of('[src]'), of('[onload]')]).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
    expect(found.html).not.toMatch(/url\(|@import|javascript:|(?<!xmlns=")https?:/);
    expect([...page.querySelectorAll('a')].every(a => a.getAttribute('href')?.startsWith('#'))).toBe(true);
    expect(found.html).not.toMatch(/NaN|undefined|\[object/);
  });

  test('the model is as it was, and no tensor is left', () => {
    expect(left.state).toEqual(left.before);
    expect(left.tensors).toBe(0);
  });
});

describe('which keepProb: a change to the model as it is, that the other sections agree with', () => {
  /** 5-16-3, with a dropout that keeps this much. */
  const hidden = (now?: tf.layers.Layer) =>
    tf.sequential({
      layers: [
        dense({ units: 16, activation: 'relu', inputShape: [5], name: 'first', ...glorot(1) }),
        ...(now ? [now] : []),
        dense({ units: 3, activation: 'softmax', name: 'last', ...glorot(2) }),
      ],
    });
  const lines = (page: Document): string[] => page.querySelector('#keepProbs code')?.textContent?.split('\n') ?? [];
  const alone = { sections: ['keepProbs'] } as const;

  test.each<[string, tf.layers.Layer | undefined, string[], string[]]>([
    [
      'none',
      undefined,
      ["import { keepProbs } from '@keepprob/dropout';", '', 'const dropped = keepProbs(model, { first: 0.5 });'],
      ['behind the entry of "first": { "layer": "dropout", "keepProb": 0.5 }'],
    ],
    [
      'a weaker one',
      dropout({ keepProb: 0.8, name: 'drop' }),
      ["import { setKeepProb } from '@keepprob/dropout';", '', 'setKeepProb(model, { drop: 0.5 });'],
      ['in the entry of "drop": "keepProb": 0.5'],
    ],
    ['the same', dropout({ keepProb: 0.5, name: 'drop' }), [], []],
    ['the same, of TF.js', tf.layers.dropout({ rate: 0.5, name: 'drop' }), [], []],
  ])('it has %s', async (_, now, code, json) => {
    const model = hidden(now);
    expect(lines(parsed(await quiet(model, null, alone)))).toEqual(code);
    const page = parsed(await quiet(model, null, { ...alone, written: 'json' }));
    expect(lines(page)).toEqual(json);
    for (const line of json)
      expect(() =>
        JSON.parse(`{${line.replace(/^.*?: (?=[{"])/, '"x": ').replace(/: ("keepProb.*)$/, ': {$1}')}}`),
      ).not.toThrow();
  });

  test('where dropout was measured to hurt, none is suggested; the model underfits: neither', async () => {
    const data = classes(200);
    const measure = { seeds: 2, epochs: 10, batchSize: 50, optimizer: tf.train.adam(0.05) };
    const found = await quiet(hidden(), data, {
      ...{ validation: classes(200), measure, keepProbs: { first: 0.05 }, sections: ['effect', 'keepProbs'] },
    });
    expect(found.findings.effect).toMatchObject({ verdict: 'hurts' });
    const page = parsed(found);
    expect(textOf(page, 'keepProbs')).toMatch(
      /None: measured, dropout hurts here \(keepProb 0.05 behind "first"\)\. Leave it out\./,
    );
    expect(lines(page)).toEqual([]);
    expect(found.text).not.toMatch(/Suggested keepProb/);
    const many = classes(2000);
    const untrained = await quiet(hidden(), many, { validation: many, sections: ['diagnosis', 'keepProbs'] });
    expect(untrained.text).toMatch(/It underfits/);
    expect(untrained.text).toMatch(/None: the model underfits/);
  });

  test('no word of the API in what a terminal shows', async () => {
    for (const [model, data] of [
      [hidden(), null],
      [hidden(), { x: classes().x }],
      [net(), classes()],
      [tf.sequential({ layers: [dense({ units: 3, activation: 'relu', inputShape: [5] })] }), classes()],
    ] as const) {
      const { text } = await quiet(model, data, { validation: classes(), measure: { seeds: 2, epochs: 1 } });
      expect(text).not.toMatch(/`|pass |keepProbs|suggestKeepProbs|measure: true|\{ x/i);
    }
  });
});

describe('what cannot be told is told', () => {
  test('without data', async () => {
    const found = await quiet(net(), null);
    const page = parsed(found);
    for (const name of ['diagnosis', 'effect', 'cost', 'effectiveL2'] as const)
      expect(found.findings[name]).toEqual({ cannotTell: expect.stringMatching(/\.$/) });
    expect(textOf(page, 'unknown')).toMatch(/Does J fall\? No data were given/);
    expect(textOf(page, 'weights')).toMatch(/Without data, activations are unknown/);
    expect(found.findings.keepProbs).toMatchObject({ keepProbs: {} });
    expect(found.findings.mask).toMatchObject({ step: 100 });
    expect(textOf(page, 'mask')).toMatch(/seed of the run is not known/);
  });

  test('without dropout', async () => {
    const plain = tf.sequential({
      layers: [dense({ units: 3, activation: 'softmax', inputShape: [5], ...glorot(1) })],
    });
    const found = await quiet(plain);
    expect(found.findings.mask).toEqual({ cannotTell: 'The model has no dropout: every step trains all of it.' });
    expect(textOf(parsed(found), 'model')).toMatch(/Nothing in it regularizes/);
    expect(textOf(parsed(found), 'effectiveL2')).toMatch(/Cannot tell|no dropout|nothing to report/i);
  });

  test('without validation rows, without labels, with a loss that theory does not know', async () => {
    const { x, y } = classes();
    const noValidation = await quiet(net(), { x, y });
    expect(noValidation.findings.diagnosis).toEqual({
      cannotTell: expect.stringMatching(/no rows that were not trained on/i),
    });
    const noLabels = await quiet(net(), { x });
    expect(noLabels.findings.cost).toEqual({ cannotTell: expect.stringMatching(/no labels/) });
    expect(noLabels.findings.weights).toMatchObject({ rows: 48 });
    const absolute = await quiet(net(), { x, y }, { loss: 'meanAbsoluteError', sections: ['effectiveL2', 'cost'] });
    expect(absolute.findings.effectiveL2).toEqual({ cannotTell: expect.stringMatching(/meanAbsoluteError/) });
    expect(absolute.findings.cost).toHaveProperty('verdict');
  });

  test('a model with two outputs that is not compiled', async () => {
    const input = tf.input({ shape: [5] });
    const outputs = [1, 2].map(
      i => dense({ units: 3, name: `out${i}`, ...glorot(i) }).apply(input) as tf.SymbolicTensor,
    );
    const two = tf.model({ inputs: input, outputs });
    const { x, y } = classes();
    const found = await quiet(two, { x, y: { out1: y, out2: y } });
    expect(found.findings.cost).toEqual({ cannotTell: expect.stringMatching(/loss is not known/) });
    const named = await quiet(two, { x, y: { out1: y, out2: y } }, { loss: 'meanSquaredError' });
    expect(named.findings.cost).toMatchObject({ verdict: 'falls' });
    expect(named.findings.effectiveL2).toEqual({ cannotTell: expect.stringMatching(/several outputs/) });
  });

  test('sections that are left out are named', async () => {
    const found = await quiet(net(), null, { sections: ['keepProbs', 'model'] });
    expect(Object.keys(found.findings)).toEqual(['model', 'keepProbs']);
    expect(textOf(parsed(found), 'unknown')).toMatch(/Not asked:.*Does J fall\?/);
    expect(found.text).toMatch(/Not asked:.*Does J fall\?/);
  });
});

describe('what regularizes', () => {
  test("TF.js' seeded dropout is reported; so are constraints and penalties that do nothing", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.lstm({
          ...{ units: 4, inputShape: [6, 2], name: 'memory' },
          kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }),
        }),
        tf.layers.dropout({ rate: 0.5, seed: 1, name: 'frozen' }),
        dense({
          units: 3,
          name: 'out',
          kernelConstraint: tf.constraints.maxNorm({ maxValue: 2 }),
          kernelRegularizer: 'l1l2',
        }),
      ],
    });
    const found = await quiet(model, null, { sections: ['model'] });
    const said = textOf(parsed(found), 'model');
    expect(said).toMatch(/"frozen" is TF.js' own dropout with seed 1: it repeats one mask/);
    expect(said).toMatch(/Constraints of "out" do nothing in stock fit/);
    expect(said).toMatch(/L1 and L2 of "memory" do nothing in stock fit/);
    expect(said).toMatch(/l1 0\.01, l2 0\.01 on its kernel; MaxNorm maxValue 2 on its kernel/);
    expect(parsed(found).querySelector('#model .verdict')?.classList.contains('act')).toBe(true);
  });

  test('a penalty in a cell is said once, whatever stands around the cell', async () => {
    const memory = dropoutLSTM({ units: 4, inputShape: [6, 2], kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }) });
    const found = await quiet(tf.sequential({ layers: [memory, dense({ units: 3 })] }), null, { sections: ['model'] });
    expect(found.findings.model).toMatchObject({ layers: [{ regularizers: ['l2 0.01 on its kernel'] }, {}] });
  });

  test('what drops right behind a layer now: a dropout, and not a layer whose weights are dropped', async () => {
    const now = async (next: tf.layers.Layer): Promise<string | null | undefined> => {
      const model = tf.sequential({
        layers: [dense({ units: 8, inputShape: [5], name: 'first' }), next, dense({ units: 3, name: 'last' })],
      });
      const page = parsed(await quiet(model, null, { sections: ['keepProbs'] }));
      return page.querySelector('#keepProbs tbody tr')?.children[3]?.textContent;
    };
    expect(await now(dropout({ keepProb: 0.7 }))).toBe('0.7');
    expect(await now(dropConnect(dense({ units: 4 }), { keepProb: 0.7 }))).toBe('–');
  });

  test('what stands in a nested model counts as its layer', async () => {
    const inner = tf.sequential({
      layers: [dense({ units: 4, inputShape: [5] }), dropout({ keepProb: 0.7 })],
      name: 'inner',
    });
    const found = await quiet(tf.sequential({ layers: [inner, dense({ units: 3 })] }), null, { sections: ['model'] });
    expect(found.findings.model).toMatchObject({ layers: [{ name: 'inner', regularizers: ['keepProb 0.7'] }, {}] });
  });
});

describe('names are text', () => {
  const names = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'&amp;"];
  test.each(names)('a layer called %s', async name => {
    const model = tf.sequential({
      layers: [
        dense({ units: 6, activation: 'relu', inputShape: [5], ...glorot(1) }),
        dropout({ keepProb: 0.5, seed: 1 }),
        dense({ units: 3, activation: 'softmax', ...glorot(2) }),
      ],
    });
    // TF.js refuses such names where a layer is made, and takes them later
    model.name = name;
    for (const [i, layer] of model.layers.entries()) layer.name = i ? `${name} ${i}` : name;
    const found = await quiet(model, classes(), {
      sections: sectionNames.filter(n => n !== 'cost'),
      validation: classes(),
    });
    const page = parsed(found);
    expect(page.querySelectorAll('script, img, [onerror]')).toHaveLength(0);
    expect(found.html).not.toMatch(/<(script|img)/);
    expect([...page.querySelectorAll('tbody th')].map(th => th.textContent)).toContain(name);
    expect(page.title).toContain(name);
  });

  test('the template escapes what it is given, at any depth, and not what is HTML already', () => {
    expect(html`<p title="${`"'`}">${['<', html`<b>${'&'}</b>`]}</p>`.text).toBe(
      '<p title="&quot;&#39;">&lt;<b>&amp;</b></p>',
    );
    expect(escaped('plain')).toBe('plain');
  });
});

describe('what is wrong is refused before anything is computed', () => {
  const refused: [string, object | null, object, new (...args: never[]) => Error, RegExp][] = [
    ['a section', null, { sections: ['cots'] }, OptionError, /sections/],
    ['a key', null, { development: null }, OptionError, /development/],
    ['a layer in keepProbs', null, { keepProbs: { nowhere: 0.5 } }, OptionError, /nowhere/],
    ['a keepProb of the input', null, { input: 2 }, OptionError, /> 2\^-17 and ≤ 1/],
    ['a seed', null, { seed: -1 }, OptionError, /seed/],
    ['data of another shape', { x: tf.ones([4, 6]), y: tf.ones([4, 3]) }, {}, DataError, /shape/],
    ['no rows', { x: tf.zeros([0, 5]), y: tf.zeros([0, 3]) }, {}, DataError, /at least one row/],
    ['NaN', { x: tf.fill([4, 5], Number.NaN), y: tf.ones([4, 3]) }, {}, DataError, /finite/],
  ];
  test.each(refused)('%s', async (_, data, options, kind, message) => {
    const model = net();
    const before = tf.memory().numTensors;
    const error = await quiet(model, data, options as never).catch(e => e);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toMatch(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('what the model throws is thrown, and leaves nothing behind', async () => {
    const model = net(new Fails(1));
    const data = classes();
    const before = tf.memory().numTensors;
    await expect(quiet(model, data)).rejects.toThrow(/this layer fails/);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a signal ends it, between sections too', async () => {
    const stop = new AbortController();
    const asked: string[] = [];
    const end = quiet(net(), classes(), {
      signal: stop.signal,
      progress({ what }) {
        asked.push(what);
        if (what === 'Does dropout help here?') stop.abort();
      },
    });
    await expect(end).rejects.toThrow(/abort/i);
    expect(asked).not.toContain('Which keepProb, and where?');
  });
});

test('of many rows some are drawn, the same for the same seed, and that is said', async () => {
  const data = classes(300);
  const some = (seed: number) => quiet(net(), data, { limitRows: 40, seed, sections: ['effectiveL2'] });
  const [a, b, c] = [await some(1), await some(1), await some(2)];
  expect(a.findings).toEqual(b.findings);
  expect(a.findings).not.toEqual(c.findings);
  expect(a.findings.effectiveL2).toMatchObject({ rows: 40 });
  expect(a.text).toMatch(/300 training rows, 40 of them drawn/);
});

describe('its colors', () => {
  const themes = [...style.matchAll(/(@media[^{]*\{ )?:root \{([^}]*)\}/g)].map(([, media = '', block]) => ({
    media,
    colors: Object.fromEntries([...(block as string).matchAll(/--(\w+): #(\w+);/g)].map(m => [m[1], m[2]])),
  }));
  /** Relative luminance, WCAG 2. */
  const luminance = (hex: string): number => {
    const [r, g, b] = (hex.length === 3 ? [...hex].map(c => c + c) : hex.match(/../g)!).map(c => {
      const v = Number.parseInt(c, 16) / 255;
      return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a: string, b: string): number => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
    return (high + 0.05) / (low + 0.05);
  };

  test('there are two sets, the dark one for screens alone: print is light', () => {
    expect(themes.map(t => t.media)).toEqual(['', '@media screen and (prefers-color-scheme: dark) { ']);
    expect(Object.keys(themes[0]!.colors)).toEqual(Object.keys(themes[1]!.colors));
  });

  test.each([0, 1])('in set %i whatever is written can be read on the paper (WCAG AA)', theme => {
    const { paper, rule, tint, ...inks } = themes[theme]!.colors as Record<string, string>;
    for (const [name, ink] of Object.entries(inks)) expect([name, contrast(ink, paper!) >= 4.5]).toEqual([name, true]);
    expect(contrast(inks.ink!, tint!)).toBeGreaterThan(7);
    expect(rule).toBeDefined();
  });
});
