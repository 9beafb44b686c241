import { cosine, oneCycle, sequence } from '@keepprob/schedules';
import { describe, expect, test } from 'vitest';
import { optimizerOf } from '../src/config/make/optimizers.ts';
import { withSchedules } from '../src/config/make/schedules.ts';
import { checkConfig } from '../src/config/schema/checkConfig.ts';
import { config } from './support/circles.ts';

const refusal = (change: object): string => {
  try {
    checkConfig('c.json', { ...config, ...change });
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};
const data = (change: object) => ({ data: { ...config.data, ...change } });

describe('checkConfig', () => {
  test('hands on a config as it is', () => expect(checkConfig('c.json', config)).toEqual(config));

  test.each<[string, object, string]>([
    ['a key of none', { epoch: 3 }, 'c.json: unknown option `epoch`. Did you mean `epochs`? Known: model, data,'],
    ['a key of none in an object', data({ colums: [] }), 'unknown option `data.colums`. Did you mean `data.columns`?'],
    ['a key far from all', { zzzzzzzzz: 1 }, 'unknown option `zzzzzzzzz`. Known: '],
    [
      'a key of none in a source',
      data({ train: { csv: 'a', sep: ';' } }),
      'unknown option `data.train.sep`. Known: csv.',
    ],
    ['no loss', { loss: undefined }, 'option `loss`'],
    ['epochs: 0', { epochs: 0 }, 'invalid value for option `epochs`. Expected an integer ≥ 1. Received: 0.'],
    ['epochs: 1.5', { epochs: 1.5 }, 'option `epochs`. Expected an integer ≥ 1. Received: 1.5.'],
    ['epochs: "3"', { epochs: '3' }, 'option `epochs`. Expected an integer ≥ 1. Received: "3".'],
    ['seed: -1', { seed: -1 }, 'option `seed`. Expected an integer ≥ 0. Received: -1.'],
    ['no layers', { model: [] }, 'option `model`. Expected the path of a model.json, or a list of { "layer": name'],
    ['a layer without name', { model: [{ units: 3 }] }, 'option `model[0].layer` is missing. Expected a name.'],
    [
      'a layer that is a name',
      { model: ['dense'] },
      'option `model[0]`. Expected { "layer": name, … }. Received: "dense".',
    ],
    [
      'a plugin that is a name',
      { plugins: ['l2'] },
      'option `plugins[0]`. Expected { "plugin": name, … }. Received: "l2".',
    ],
    ['no optimizer name', { optimizer: { learningRate: 1 } }, 'option `optimizer`. Expected a name, or { "name": …'],
    ['half of two arrays', data({ train: { x: 'a' } }), 'option `data.train.y` is missing. Expected a path.'],
    [
      'validation: 1',
      data({ validation: 1 }),
      'option `data.validation`. Expected a share > 0 and < 1, such as 0.2. Received: 1.',
    ],
    [
      'validation: a path',
      data({ validation: 'validation.csv' }),
      'option `data.validation`. Expected { "csv": path }, or',
    ],
    [
      'one class',
      data({ classes: ['a'] }),
      'option `data.classes`. Expected an integer ≥ 2, or the names of at least two',
    ],
    ['scale: 255', data({ scale: 255 }), 'option `data.scale`. Expected "standardize", "unit", or { "divideBy"'],
    ['divideBy: 0', data({ scale: { divideBy: 0 } }), 'option `data.scale.divideBy`. Expected'],
    ['separator: ";;"', data({ separator: ';;' }), 'option `data.separator`. Expected one character. Received: ";;".'],
    [
      'checkpoint.every: "step"',
      { checkpoint: { every: 'step' } },
      'option `checkpoint.every`. Expected { "steps": n } with an integer n ≥ 1, n itself, or null',
    ],
    ['a store', { checkpoint: { store: {} } }, 'unknown option `checkpoint.store`. Known: every, keep, best, mode.'],
    [
      'a negative class weight',
      { classWeight: { 0: -1 } },
      'option `classWeight.0`. Expected a number ≥ 0. Received: -1.',
    ],
    [
      'trainEvaluation: 0',
      { trainEvaluation: 0 },
      'option `trainEvaluation`. Expected true, false, or a number of rows ≥ 1',
    ],
  ])('%s is refused', (_, change, message) => expect(refusal(change)).toContain(message));

  // words that every object answers to; JSON makes keys of all of them
  test.each(['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'])('a key %s is unknown', word => {
    const odd = JSON.parse(`{ "${word}": 1 }`);
    expect(refusal(odd)).toContain(`c.json: unknown option \`${word}\`. Known: model,`);
    expect(refusal({ data: { ...config.data, ...odd } })).toContain(`unknown option \`data.${word}\`. Known: train,`);
    expect(refusal({ checkpoint: odd })).toContain(`unknown option \`checkpoint.${word}\`. Known: every,`);
    expect(() => optimizerOf('c', word)).toThrow(`c: there is no optimizer "${word}".`);
    expect(() => optimizerOf('c', { name: 'adam', ...odd })).toThrow(`c: adam: unknown option \`${word}\`.`);
    expect(() => withSchedules('c', { schedule: word })).toThrow(`c: there is no schedule "${word}".`);
    const plugins = [{ plugin: 'l2', ...odd }];
    expect(Object.keys(checkConfig('c.json', { ...config, plugins }).plugins?.[0] ?? {})).toContain(word);
  });

  test('all faults at once, a line each', () => {
    expect(refusal({ epochs: 0, batchSize: 0, epoch: 1 }).split('\n')).toHaveLength(3);
  });

  test.each([[[config]], [3], [null], ['text']])('%j is no config', given =>
    expect(() => checkConfig('c.json', given)).toThrow(/^c\.json: expected an object of options\. Received: /),
  );
});

describe('schedules', () => {
  test('are made by name, in whatever they stand, inner ones first', () => {
    const given = {
      keepProb: { schedule: 'cosine', from: 1, to: 0.5, steps: 10 },
      parts: [
        {
          schedule: 'sequence',
          parts: [
            [5, 0.1],
            [null, { schedule: 'oneCycle', peak: 1, steps: 4 }],
          ],
        },
      ],
    };
    expect(withSchedules('c', given)).toEqual({
      keepProb: cosine({ from: 1, to: 0.5, steps: 10 }),
      parts: [sequence([5, 0.1], [Infinity, oneCycle({ peak: 1, steps: 4 })])],
    });
  });

  test('that a module has made stay as they are', () => {
    const made = cosine({ from: 1, to: 0, steps: 3 });
    expect(withSchedules('c', { l2: made })).toEqual({ l2: made });
  });

  test.each<[object, string]>([
    [{ schedule: 'cosin', from: 1, to: 0, steps: 3 }, 'c.l2: there is no schedule "cosin". Did you mean "cosine"?'],
    [{ schedule: 'cosine', from: 1, to: 0, step: 3 }, 'c.l2: cosine: unknown option `step`. Did you mean `steps`?'],
    [
      { schedule: 'cosine', from: 1, to: 0, steps: 0 },
      'c.l2: cosine: invalid value for option `steps`. Expected an integer ≥ 1.',
    ],
  ])('%j is refused', (l2, message) => expect(() => withSchedules('c', { l2 })).toThrow(message));
});

describe('optimizers', () => {
  test('have the class and the defaults that TF.js gives them by name', () => {
    expect(optimizerOf('c', 'adam').getConfig()).toMatchObject({ learningRate: 0.001, beta1: 0.9, beta2: 0.999 });
    const mine = optimizerOf('c', { name: 'amsgrad', learningRate: 0.5, beta2: 0.9 });
    expect(mine.getConfig()).toMatchObject({ learningRate: 0.5, beta1: 0.9, beta2: 0.9 });
    expect(() => optimizerOf('c', { name: 'amsgrad', beta1: 1 })).toThrow(
      'c: amsgrad: invalid value for option `beta1`',
    );
    const nesterov = optimizerOf('c', { name: 'momentum', learningRate: 0.5, momentum: 0.8, useNesterov: true });
    expect(nesterov.getConfig()).toEqual({ learningRate: 0.5, momentum: 0.8, useNesterov: true });
  });

  test.each<[Parameters<typeof optimizerOf>[1], string]>([
    ['adm', 'c: there is no optimizer "adm". Did you mean "adam"? Known: sgd, momentum,'],
    [{ name: 'sgd', lr: 1 }, 'c: sgd: unknown option `lr`.'],
    [
      { name: 'sgd', learningRate: 0 },
      'c: sgd: invalid value for option `learningRate`. Expected a number > 0; one that changes',
    ],
  ])('%j is refused', (spec, message) => expect(() => optimizerOf('c', spec)).toThrow(message));
});
