/** However fit ends (done, stopped early, aborted, failed, refused), the model has the right weights, and no tensor is left. */
import { DataError, type Hooks, OptionError, PluginError } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { earlyStopping } from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FitEvent, type FitOptions, fit } from '../../src/index.ts';
import { data, net, numbers, options, probe } from '../support/smallNet.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('early stopping', () => {
  /** valLoss falls, then rises: the dev targets are those of two epochs from here. */
  const rising = (at: { epoch: number }) => at.epoch;
  test('stops after patience and gives back the best weights, batch-norm statistics included', async () => {
    const model = net(tf.layers.batchNormalization({ momentum: 0.5 }));
    const seen: number[][] = [];
    const watch = probe({
      epochEnd: (_, weights) => {
        seen.push(weights.flatMap(w => [...w.variable.dataSync()]));
      },
    });
    const fake = [3, 1, 2, 2, 2, 2];
    const scripted = { ...probe({}), name: 'scripted' };
    const stop = earlyStopping({ patience: 2 });
    // a dev loss that is told, not measured, so that the best epoch is known: the second
    const told = {
      ...stop,
      setup: (c: never) => {
        const h = stop.setup(c);
        return {
          ...h,
          monitors: () => [],
          epochEnd: (l: never, w: never, at: never) =>
            h.epochEnd!({ ...(l as object), valLoss: fake[rising(at)]! }, w, at),
        };
      },
    };
    const run = await fit(model, data(), options({ epochs: 6, plugins: [watch, scripted, told as never] }));
    expect(run.stopped).toMatch(/valLoss did not improve on its 1 of epoch 2 for 2 epochs/);
    expect(run.epochs).toBe(4);
    const order = (m: tf.LayersModel) => m.layers.flatMap(l => l.weights.flatMap(w => [...w.read().dataSync()]));
    expect(order(model)).toEqual(seen[1]);
    expect(seen[1]).not.toEqual(seen[3]);
  });

  test('stock: restoreBestWeights throws', () => {
    expect(() => tf.callbacks.earlyStopping({ restoreBestWeights: true })).toThrow();
  });

  test('a monitor that is not logged is an error that lists the logs', async () => {
    await expect(fit(net(), data(), options({ plugins: [earlyStopping()] }))).rejects.toThrow(
      /earlyStopping: .*`monitor`.*loss, penalty, cost, cleanLoss.*"valLoss".*give the run `validation`/,
    );
  });

  test.each([
    [{ patience: -1 }],
    [{ patience: 1.5 }],
    [{ mode: 'up' }],
    [{ minDelta: Number.NaN }],
    [{ patince: 3 }],
    [{ restoreBest: 1 }],
  ])('%j is refused', bad => {
    expect(() => earlyStopping(bad as never)).toThrow(OptionError);
  });
});

describe('every exit is clean', () => {
  const held = async (f: () => Promise<unknown>): Promise<unknown> => {
    const before = tf.memory().numTensors;
    const result = await f().catch((e: unknown) => e);
    expect(tf.memory().numTensors).toBe(before);
    return result;
  };
  const sgd = tf.train.sgd(0.05);

  test('done: no tensor more than before', async () => {
    const [model, given] = [net(dropout({ keepProb: 0.5 })), data()];
    await held(() =>
      fit(
        model,
        given,
        options({ optimizer: sgd, validation: given, metrics: ['mse'], plugins: [l2(0.1), earlyStopping()] }),
      ),
    );
  });

  test('aborted: the history is kept, the best weights restored', async () => {
    const [model, given] = [net(), data()];
    const stopper = new AbortController();
    const run = (await held(() =>
      fit(
        model,
        given,
        options({
          optimizer: sgd,
          epochs: 9,
          signal: stopper.signal,
          plugins: [earlyStopping({ monitor: 'loss', patience: 9 })],
          progress: e => {
            if (e.type === 'step' && e.step === 8) stopper.abort();
          },
        }),
      ),
    )) as Awaited<ReturnType<typeof fit>>;
    expect(run.stopped).toBe('aborted');
    expect(run.steps).toBe(8);
    expect(run.history.loss!.length).toBe(2);
  });

  test.each<[string, number, (e: FitEvent) => boolean]>([
    ['on the last step of an epoch', 1, e => e.type === 'step' && e.step === 6],
    ['at the end of an epoch', 2, e => e.type === 'epoch' && e.epoch === 1],
  ])('aborted %s: %i epochs are in the history, those that are evaluated', async (_, epochs, when) => {
    const [model, dev] = [net(), data(4)];
    const stopper = new AbortController();
    // gone through once: asking it for a third epoch would be an error
    const stream = async function* () {
      for (const _ of [1, 2, 3]) yield data(4);
    };
    const passes = [stream(), stream()];
    const twice = { [Symbol.asyncIterator]: () => passes.shift()! };
    const events: string[] = [];
    const run = (await held(() =>
      fit(
        model,
        twice,
        options({
          optimizer: sgd,
          epochs: 9,
          signal: stopper.signal,
          validation: dev,
          trainEvaluation: false,
          progress: e => {
            if (when(e)) stopper.abort();
            if (e.type !== 'step') events.push(`${e.type} ${e.epoch}`);
          },
        }),
      ),
    )) as Awaited<ReturnType<typeof fit>>;
    expect([run.stopped, run.epochs, run.steps]).toEqual(['aborted', epochs, 6]);
    expect(run.history.valLoss!.length).toBe(epochs);
    expect(events).toEqual(
      ['begin 0', 'epoch 0', 'epoch 1', 'end 2']
        .filter(e => e !== `epoch ${epochs}`)
        .map(e => (e === 'end 2' ? `end ${epochs}` : e)),
    );
  });

  test('J is NaN: an error before the update', async () => {
    const [model, given] = [net(), data()];
    const before = numbers(model);
    const nan = (t: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.mul(tf.add(t, p), Number.NaN);
    const error = await held(() => fit(model, given, options({ optimizer: sgd, loss: nan })));
    expect(error).toBeInstanceOf(PluginError);
    expect((error as Error).message).toMatch(/J is NaN at step 0.*not updated/);
    expect(numbers(model)).toEqual(before);
  });

  test('an error after the best epoch: its weights are restored all the same', async () => {
    const [model, given] = [net(), data()];
    const best: number[] = [];
    const watch = probe({
      epochEnd: (_, __, at) => {
        if (at.epoch === 2) throw new Error('no');
        best.splice(0, best.length, ...numbers(model));
      },
    });
    // the loss falls in every epoch here, so the epoch before the error is the best
    const list = [earlyStopping({ monitor: 'cleanLoss', patience: 9 }), watch];
    const error = await held(() =>
      fit(model, given, options({ optimizer: sgd, epochs: 5, plugins: [...list].reverse() })),
    );
    expect((error as Error).message).toMatch(/"probe", hook epochEnd: no/);
    expect(numbers(model)).toEqual(best);
  });

  test.each<[string, Hooks]>([
    [
      'batch',
      {
        batch: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'penalty',
      {
        penalty: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'gradients',
      {
        gradients: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'afterUpdate',
      {
        afterUpdate: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'epochEnd',
      {
        epochEnd: () => {
          throw new Error('no');
        },
      },
    ],
  ])('a hook fails: %s', async (hook, hooks) => {
    const [model, given] = [net(), data()];
    const error = await held(() =>
      fit(model, given, options({ optimizer: sgd, plugins: [probe(hooks), earlyStopping({ monitor: 'loss' })] })),
    );
    expect((error as Error).message).toMatch(new RegExp(`"probe", hook ${hook}: no`));
  });

  test('the user’s model can still be disposed, and keeps what it was compiled with', async () => {
    const given = data();
    const before = tf.memory().numTensors;
    const model = net();
    model.compile({ optimizer: sgd, loss: 'meanAbsoluteError' });
    await fit(model, given, options({ optimizer: 'sgd' }));
    expect(model.loss).toBe('meanAbsoluteError');
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  const rows = (n: number, width: number) => Array.from({ length: n }, () => Array(width).fill(1));
  test.each<[string, () => Parameters<typeof fit>[1], RegExp]>([
    ['x and y of different length', () => ({ x: rows(4, 2), y: rows(3, 1) }), /4 rows.*Received: 3/],
    ['no rows', () => ({ x: tf.zeros([0, 2]), y: tf.zeros([0, 1]) }), /at least one row/],
    ['wrong shape of x', () => ({ x: rows(4, 3), y: rows(4, 1) }), /\[rows,2\].*\[4,3\]/],
    ['wrong shape of y', () => ({ x: rows(4, 2), y: rows(4, 2) }), /\[rows,1\].*\[4,2\]/],
    ['NaN', () => ({ x: [[1, Number.NaN]], y: [[1]] }), /finite.*NaN/],
    ['Infinity in y', () => ({ x: [[1, 1]], y: [[Number.POSITIVE_INFINITY]] }), /finite/],
    ['no y', () => ({ x: rows(4, 2) }) as never, /\{ x, y \}/],
    ['an unknown input name', () => ({ x: { z: rows(4, 2) }, y: rows(4, 1) }) as never, /Received: z/],
    ['weights of another length', () => ({ x: rows(4, 2), y: rows(4, 1), sampleWeight: [1] }), /sampleWeight.*4 rows/],
    ['nothing', () => null as never, /\{ x, y \}.*null/],
    ['text', () => ({ x: 'abc', y: [1] }) as never, /training data/],
  ])('bad data: %s', async (_, given, message) => {
    const model = net();
    const before = numbers(model);
    const made = given();
    const error = await held(() => fit(model, made, options({ optimizer: sgd })));
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toMatch(message);
    expect(numbers(model)).toEqual(before);
  });

  test('a bad batch in a stream is refused before its update; what came before stays', async () => {
    const model = net();
    const stream = async function* () {
      yield { x: tf.ones([2, 2]), y: tf.ones([2, 1]) };
      yield { x: tf.fill([2, 2], Number.NaN), y: tf.ones([2, 1]) };
    };
    let steps = 0;
    const error = await held(() =>
      fit(model, stream, options({ optimizer: sgd, plugins: [probe({ afterUpdate: () => void steps++ })] })),
    );
    expect((error as Error).message).toMatch(/finite/);
    expect(steps).toBe(1);
  });

  test.each<[string, Partial<FitOptions>, RegExp]>([
    ['unknown option', { epoch: 3 } as never, /Did you mean `epochs`/],
    ['epochs 0', { epochs: 0 }, /epochs/],
    ['batchSize 1.5', { batchSize: 1.5 }, /batchSize/],
    ['no such loss', { loss: 'meanSquaredEror' }, /loss/],
    ['no such metric', { metrics: ['acuracy'] }, /metrics/],
    ['no such optimizer', { optimizer: 'adamm' }, /optimizer/],
    ['an optimizer that is none', { optimizer: {} as never }, /ptimizer/],
    ['progress', { progress: 'loud' as never }, /progress/],
  ])('bad option: %s', async (_, more, message) => {
    const [model, given] = [net(), data()];
    const error = await held(() => fit(model, given, options({ optimizer: sgd, ...more })));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(message);
  });
});
