import { DataError, OptionError } from '@keepprob/core';
import type { dropout } from '@keepprob/dropout';
import { earlyStopping } from '@keepprob/stopping';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type DiagnoseOptions, diagnose, type LensEvent } from '../../src/index.ts';
import { classes, glorot, loss, net, stateOf } from '../support/nets.ts';
import { network, rowsOf, straight } from '../support/planted.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const problem = straight(4, { noise: 0.1 });
const given = (rows = 60, validationRows = 60) => ({
  model: network(4, 6, 1),
  train: rowsOf(problem, rows, 1),
  validation: rowsOf(problem, validationRows, 2),
  loss: 'binaryCrossentropy',
});
const short: DiagnoseOptions = { measure: true, seeds: 2, epochs: 2, batchSize: 30, progress: false };

describe('from a run', () => {
  const history = { cleanLoss: [2, 1, 0.5, 0.2, 0.11, 0.1, 0.1, 0.1], valLoss: [2, 1.2, 1.1, 1, 1, 1.01, 0.99, 1] };
  test('ours, stock’s, several over seeds', async () => {
    const ours = await diagnose({ history } as never);
    expect(ours).toMatchObject({ verdict: 'overfits', errorRate: null, target: 0, baseline: 2, rowsToDecide: null });
    expect(ours.text).toMatch(/^It overfits/);
    const stock = await diagnose({ loss: history.cleanLoss, val_loss: history.valLoss, acc: [...Array(7), 1], val_acc: [...Array(7), 0.8] }); // biome-ignore format: one thought
    expect(stock.verdict).toBe('overfits');
    expect(stock.errorRate!.validation).toBeCloseTo(0.2, 12);
    expect(stock.warnings.join(' ')).toMatch(/measured with dropout on/);
    const shifted = (by: number) => ({ ...history, valLoss: history.valLoss.map(v => v + by) });
    const several = await diagnose([shifted(0), shifted(0.1), shifted(0.2)]);
    // seeds: gaps .9, 1, 1.1; standard error .1/√3, two degrees of freedom
    expect(several.gap.value).toBeCloseTo(1, 2);
    expect(several.gap.error).toBeCloseTo(0.1 / Math.sqrt(3), 6);
    expect(several.gap.interval[1] - several.gap.value).toBeCloseTo((4.3027 * 0.1) / Math.sqrt(3), 3);
    expect(await ours.picture()).toMatch(/^<svg/);
    expect(JSON.parse(JSON.stringify(several)).verdict).toBe('overfits');
  });

  test('a run of fit, as it is', async () => {
    const { model, train, validation } = given();
    const optimizer = tf.train.adam(0.01);
    const how = {
      loss: 'binaryCrossentropy',
      optimizer,
      epochs: 6,
      validation: validation,
      metrics: ['accuracy'],
      progress: false as const,
    };
    const run = await fit(model, train, how);
    const found = await diagnose(run, { baseline: Math.LN2 });
    expect(found.errorRate!.validation).toBeCloseTo(1 - run.history.valAccuracy!.at(-1)!, 12);
    expect(found.gap.value).toBeCloseTo(run.gap, 1);
  });

  test('too few epochs: cannot tell, and says why', async () => {
    const found = await diagnose({ cleanLoss: [2, 1, 0.1], valLoss: [2, 2, 2] });
    expect(found).toMatchObject({ verdict: 'cannotTell', reason: '3 epochs are too few; at least 4 are needed' });
    expect(await found.picture()).not.toMatch(/ (x|x1|x2|cx|d)="[^"]*(NaN|Infinity)/);
  });
});

describe('whether training was over: the best epoch counts', () => {
  const falling = (epochs: number, by = 0.9) => Array.from({ length: epochs }, (_, i) => by ** i);
  const stay = (values: number[], epochs: number) => [...values, ...Array(epochs).fill(1.01 * values.at(-1)!)];
  test.each<[string, number[], number[], string | undefined, boolean]>([
    ['both fall to the end', falling(12), falling(12), undefined, false],
    ['the validation loss waits for two epochs', falling(12), stay(falling(10), 2), undefined, false],
    ['early stopping waited for two epochs', falling(12), stay(falling(10), 2), 'stopped', true],
    ['it waited for three', falling(13), stay(falling(10), 3), undefined, true],
    ['for ten', falling(20), stay(falling(10), 10), undefined, true],
    ['it rises', falling(20), [...falling(10), ...falling(10).toReversed()], undefined, true],
  ])('%s', async (_, cleanLoss, valLoss, how, over) => {
    const stopped = how && 'valLoss did not improve on its 0.387 of epoch 10 for 2 epochs (epoch 12)';
    const { verdict, text } = await diagnose({ history: { cleanLoss, valLoss }, ...(stopped && { stopped }) });
    expect(verdict === 'notConverged').toBe(!over);
    if (over) expect(text).not.toMatch(/Training was not over|Train longer, or at a higher/);
    // stock's history has no reason
    const stock = await diagnose({ loss: cleanLoss, val_loss: valLoss });
    if (!how) expect(stock.verdict).toBe(verdict);
  });

  test('a run that early stopping ended: losses are those of the best epoch, from curves as from rows', async () => {
    const [train, validation] = [rowsOf(problem, 40, 1), rowsOf(problem, 400, 2)];
    const model = network(4, 24, 1);
    const optimizer = tf.train.adam(0.05);
    const run = await fit(model, train, {
      ...{ loss: 'binaryCrossentropy', optimizer, epochs: 200, validation, progress: false },
      plugins: [earlyStopping({ patience: 10 })],
    });
    expect(run.stopped).toMatch(/did not improve/);
    const best = Math.min(...run.history.valLoss!);
    const byRows = await diagnose({ model, train, validation, loss: 'binaryCrossentropy', run });
    expect(byRows.verdict).not.toBe('notConverged');
    expect(byRows.validation.value).toBeCloseTo(best, 4);
    const byCurves = await diagnose(run, { baseline: Math.LN2 });
    expect(byCurves.verdict).not.toBe('notConverged');
    expect(byCurves.validation.value - best).toBeLessThan(run.history.valLoss!.at(-1)! - best);
    expect(byCurves.warnings.join(' ')).toMatch(/restored the best epoch/);
  });
});

describe('from a model and its rows', () => {
  test('gap, its error, error rates; the model is not touched', async () => {
    const subject = given(200, 300);
    const before = [stateOf(subject.model), tf.memory().numTensors];
    const found = await diagnose(subject);
    expect([stateOf(subject.model), tf.memory().numTensors]).toEqual(before);
    expect(found.gap.value).toBeCloseTo(found.validation.value - found.train.value, 10);
    expect(found.gap.interval[0]).toBeLessThan(found.gap.value);
    expect(found.errorRate!.validation).toBeGreaterThan(0);
    expect(found.warnings.join(' ')).toMatch(/cannot tell whether training was over.*The model has no dropout/);
    expect(await diagnose(subject)).toMatchObject({ gap: found.gap });
  });

  test('fewer than 30 validation rows: cannot tell', async () => {
    const found = await diagnose(given(60, 29));
    expect(found).toMatchObject({
      verdict: 'cannotTell',
      reason: '29 validation rows are too few; at least 30 are needed',
    });
  });

  test('TF.js’ own dropout with a seed is recognised', async () => {
    const model = net();
    const frozen = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [5], ...glorot(1) }),
        tf.layers.dropout({ rate: 0.5, seed: 1, name: 'frozen' }),
        tf.layers.dense({ units: 3, activation: 'softmax', ...glorot(2) }),
      ],
    });
    const data = { train: classes(40), validation: classes(40), loss };
    expect((await diagnose({ model: frozen, ...data })).warnings.join(' ')).toMatch(/"frozen" is TF.js' own dropout/);
    expect((await diagnose({ model, ...data })).warnings.join(' ')).not.toMatch(/no dropout|frozen/);
  });

  test('a target that is reached is no bias', async () => {
    const [train, validation] = [rowsOf(problem, 4000, 1), rowsOf(problem, 12_000, 2)];
    const subject = { model: network(4, 0, 1), train, validation, loss: 'binaryCrossentropy' };
    const optimizer = tf.train.adam(0.1);
    await fit(subject.model, train, { loss: subject.loss, optimizer, epochs: 8, batchSize: 200, progress: false });
    expect((await diagnose(subject)).verdict).toBe('underfits');
    // one label in ten is turned around: a straight boundary cannot get below, say, .4
    expect((await diagnose(subject, { target: 0.4, tolerance: 0.2 })).verdict).toBe('fits');
  });
});

describe('measured', () => {
  test('the model is a template: it is not trained, and nothing is left behind', async () => {
    const subject = given();
    const before = [stateOf(subject.model), tf.memory().numTensors];
    const seen: LensEvent[] = [];
    const found = await diagnose(subject, { ...short, progress: e => void seen.push(e) });
    expect([stateOf(subject.model), tf.memory().numTensors]).toEqual(before);
    expect(seen.map(e => e.done)).toEqual([1, 2, 3, 4]);
    expect(found.dropout).toMatchObject({ seeds: 2, rows: 60, what: 'keepProb 0.5 behind "hidden"' });
    expect(await diagnose(subject, short)).toMatchObject({ dropout: { loss: found.dropout!.loss } });
    expect((await found.picture()).match(/<svg/g)!.length).toBeGreaterThanOrEqual(4);
  });

  test('bias and variance are those of the model given, not of what was trained to measure', async () => {
    const subject = given();
    const asked = await diagnose(subject);
    const measured = await diagnose(subject, short);
    expect(measured).toMatchObject({ verdict: asked.verdict, train: asked.train, validation: asked.validation });
    const optimizer = tf.train.adam(0.05);
    await fit(subject.model, subject.train, { loss: subject.loss, optimizer, epochs: 60, progress: false });
    const trained = await diagnose(subject, short);
    expect(trained.train.value).toBeLessThan(asked.train.value);
    expect(trained.dropout!.loss).toEqual(measured.dropout!.loss);
  });

  test('runs too short for dropout are said to be: few epochs, a loss that still falls; long ones are not', async () => {
    const subject = given(60, 200);
    const said = async (epochs: number, rate: number) => {
      const how = { ...short, seeds: 4, epochs, optimizer: tf.train.adam(rate) };
      const { dropout, text } = await diagnose(subject, how);
      expect(dropout!.updates).toBe(2 * epochs);
      for (const warning of dropout!.warnings) expect(text).toContain(warning);
      return dropout!.warnings.join(' ');
    };
    expect(await said(3, 0.01)).toMatch(/Fewer than 4 epochs/);
    expect(await said(8, 0.05)).toMatch(/was still falling after 16 updates/);
    expect(await said(40, 0.1)).toBe('');
  });

  test('the dropout of the model itself; the other arm has none', async () => {
    const own = { model: net(), train: classes(60), validation: classes(60), loss };
    const found = await diagnose(own, short);
    expect(found.dropout!.what).toBe("the model's own dropout");
    expect(found.dropout!.loss.difference.value).not.toBe(0);
    // a keepProb of 1 is no dropout: both arms are one
    (own.model.getLayer('drop') as ReturnType<typeof dropout>).setOptions({ keepProb: 1 });
    const same = await diagnose(own, short);
    expect(same.dropout).toMatchObject({ verdict: 'cannotTell', loss: { difference: { value: 0 } } });
  });

  test('an abort leaves nothing behind', async () => {
    const subject = given();
    const before = [stateOf(subject.model), tf.memory().numTensors];
    const stop = new AbortController();
    const progress = ({ done }: LensEvent) => void (done === 2 && stop.abort());
    await expect(diagnose(subject, { ...short, signal: stop.signal, progress })).rejects.toThrow(/abort/i);
    expect([stateOf(subject.model), tf.memory().numTensors]).toEqual(before);
  });
});

test('bad input', async () => {
  const subject = given();
  const refused: [() => Promise<unknown>, new (...args: never[]) => Error, RegExp][] = [
    [() => diagnose(null as never), DataError, /a run, a history/],
    [() => diagnose([]), DataError, /at least one run/],
    [() => diagnose({ loss: [1, 2] }), DataError, /loss and valLoss/],
    [() => diagnose({ loss: [1, Number.NaN], valLoss: [1, 1] }), DataError, /finite/],
    [() => diagnose({ loss: [1], valLoss: [1] }, { measure: true }), OptionError, /measure/],
    [() => diagnose({ ...subject, validation: undefined as never }), DataError, /validation/],
    [() => diagnose({ ...subject, model: tf.sequential() }), OptionError, /not built/],
    [() => diagnose({ ...subject, train: { x: [], y: [] } }), DataError, /./],
    [() => diagnose(subject, { seeds: 1 }), OptionError, /seeds/],
    [() => diagnose(subject, { tolerance: 0 }), OptionError, /tolerance/],
    [() => diagnose(subject, { target: 5 }), OptionError, /below the baseline/],
    [() => diagnose(subject, { mesure: true } as never), OptionError, /Did you mean `measure`/],
    [() => diagnose(subject, { ...short, keepProbs: { nope: 0.5 } }), OptionError, /no layer "nope"/],
    [() => diagnose({ ...subject, model: network(4, 0, 1) }, short), OptionError, /a keepProb for at least one layer/],
  ];
  const before = tf.memory().numTensors;
  for (const [f, type, message] of refused) {
    const error = await f().then(
      () => undefined,
      (e: Error) => e,
    );
    expect(error).toBeInstanceOf(type);
    expect(error!.message).toMatch(message);
  }
  expect(tf.memory().numTensors).toBe(before + 2); // the weights of network(4, 0, 1)
});
