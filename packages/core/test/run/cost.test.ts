/** J, its gradients and what it is made of: by hand, in order, and nothing left behind. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Computation, openRun, stepTensors } from '../../src/driver.ts';
import { type Hooks, PluginError, type StepResult, type Weight } from '../../src/index.ts';
import { forwardContext } from '../../src/layers.ts';
import { left, line, numberOf, probe } from './line.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const timesW = (factor: number, [weight]: readonly Weight[]): tf.Scalar =>
  tf.mul<tf.Scalar>(tf.sum(weight!.variable), factor);
const all = (weights: readonly Weight[], value: number): Map<string, number> =>
  new Map(weights.map(w => [w.path, value]));
const numbers = ({ loss, penalty, cost, metrics, gradients }: StepResult) => ({
  loss: numberOf(loss),
  penalty: numberOf(penalty),
  cost: numberOf(cost),
  said: numberOf(metrics.said!),
  gradient: [...gradients.values()].map(numberOf),
});

test('J = loss + Σ penalties + λ w² by hand; the gradient leaves 2 λ w to the update', () => {
  const { run, computation, batch, variables } = line(
    probe({
      loss: loss => tf.mul(loss, 2),
      penalty: weights => timesW(5, weights),
      l2: weights => all(weights, 0.5),
    }),
  );
  const penalties = () => [timesW(7, run.weights)];
  const step = run.takeStep({ ...computation, penalties }, batch, variables, run.moment('train'));
  // ŷ = 6, loss 2 · 36 with dJ/dw = 2 · 2 · 6 · 3; penalties 5 w + 7 w + w²/2
  expect(numbers(step)).toEqual({ loss: 72, penalty: 26, cost: 98, said: 6, gradient: [72 + 5 + 7] });
  expect([...step.l2.values()]).toEqual([0.5]);
  const at = run.moment('train');
  expect(numberOf(run.penalty(at))).toBe(5 * 2 + 0.5 * 4);
});

test('without plugins J is the loss, and the penalty 0', () => {
  const { run, computation, batch, variables } = line();
  const step = run.takeStep(computation, batch, variables, run.moment('train'));
  expect(numbers(step)).toEqual({ loss: 36, penalty: 0, cost: 36, said: 6, gradient: [36] });
  expect(numberOf(run.penalty(run.moment('train')))).toBe(0);
});

test('`gradients` is a pass over any cost function, with its penalties', () => {
  const { run, variables } = line(probe({ penalty: weights => timesW(5, weights) }));
  const cost = (addPenalty: (p: tf.Tensor) => void): tf.Tensor => {
    addPenalty(timesW(7, run.weights));
    return tf.square(timesW(1, run.weights));
  };
  const { loss, penalty, cost: J, gradients } = run.gradients(cost, variables, run.moment('train'));
  expect([loss, penalty, J, ...gradients.values()].map(numberOf)).toEqual([4, 24, 28, 4 + 5 + 7]);
});

test('the doors of a pass open in order, and `step` is around all of it', () => {
  const seen: string[] = [];
  const note = <A extends readonly unknown[], R>(door: string, f: (...args: A) => R) => {
    return (...args: A): R => {
      seen.push(door);
      return f(...args);
    };
  };
  const { run, computation, batch, variables } = line(
    probe({
      step(inner, given) {
        seen.push('step begins');
        inner(given);
        const result = inner(given);
        seen.push('step ends');
        return result;
      },
      l2: note('l2', () => new Map()),
      loss: note('loss', loss => loss),
      penalty: note('penalty', () => tf.scalar(0)),
    }),
  );
  const watched: Computation = {
    predict: note('forward', computation.predict),
    loss: note('data loss', computation.loss),
    metrics: note('metrics', computation.metrics),
    penalties: note('own penalties', computation.penalties),
  };
  run.takeStep(watched, batch, variables, run.moment('train'));
  const pass = ['l2', 'forward', 'metrics', 'own penalties', 'data loss', 'loss', 'penalty'];
  expect(seen).toEqual(['step begins', ...pass, ...pass, 'step ends']);
});

test('`take` is innermost: it gets every pass that a plugin around the step asks for, with its rows', () => {
  const rows: unknown[] = [];
  const { run, computation, batch, variables } = line(
    probe({
      step(inner, given) {
        inner(given, [0, 2]);
        return inner(given, [1, 2]);
      },
    }),
  );
  run.takeStep(computation, batch, variables, run.moment('train', { rows: [0, 2] }), (pass, part, here) => {
    rows.push(here);
    return pass(part, here);
  });
  expect(rows).toEqual([
    [0, 2],
    [1, 2],
  ]);
});

/** Draws a key per call and keeps it in `keys`. */
function drawingModel(keys: unknown[]): tf.LayersModel {
  class Drawing extends tf.layers.Layer {
    static readonly className = 'Drawing';
    override call(x: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
      const at = forwardContext(this, kwargs);
      keys.push([at?.key(), at?.rows]);
      return tf.clone([x].flat()[0]!);
    }
  }
  const dense = tf.layers.dense({ units: 1, inputShape: [1], useBias: false, kernelInitializer: 'ones' });
  return tf.sequential({ layers: [dense, new Drawing({})] });
}

test('each pass replays the draws of the step; calls within one draw on, and see its rows', () => {
  const keys: unknown[] = [];
  const model = drawingModel(keys);
  const twice = probe({
    step: (inner, batch) => {
      inner(batch, [0, 2]);
      return inner(batch, [1, 2]);
    },
    loss: (loss, pass) => tf.add(loss, pass.loss(pass.predict())),
  });
  const run = openRun(model, [twice], { host: 'fit', optimizer: tf.train.sgd(1), seed: 5, epoch: () => 0 });
  const { computation, batch } = line();
  const predict: Computation['predict'] = ({ x }) => ({ y: model.apply(x!, { training: true }) as tf.Tensor });
  const variables = run.weights.map(w => w.variable);
  run.takeStep({ ...computation, predict }, batch, variables, run.moment('train', { step: 3 }));
  const key = (draw: number) => ({ seed: 5, step: 3, site: 0, draw });
  expect(keys).toEqual([
    [key(0), [0, 2]],
    [key(1), [0, 2]],
    [key(0), [1, 2]],
    [key(1), [1, 2]],
  ]);
});

describe('who owns tensors', () => {
  const hooks: Hooks = {
    loss: loss => tf.mul(loss, 2),
    penalty: weights => timesW(5, weights),
    l2: weights => all(weights, numberOf(tf.scalar(0.5))),
    step: (inner, batch) => {
      inner(batch);
      return inner(batch);
    },
  };
  const withPenalties = (given: Computation, weights: readonly Weight[]): Computation => ({
    ...given,
    penalties: () => [timesW(7, weights)],
  });

  test.each([
    ['no plugin', []],
    ['every door of a step', [probe(hooks)]],
    ['two plugins', [probe(hooks), probe(hooks)]],
  ])('the caller owns the result, and there is nothing else: %s', (_, plugins) => {
    const { run, computation, batch, variables } = line(...plugins);
    const given = withPenalties(computation, run.weights);
    const step = (): StepResult => run.takeStep(given, batch, variables, run.moment('train'));
    step();
    let result: StepResult | undefined;
    const made = left(() => {
      result = step();
    });
    expect(made).toBe(stepTensors(result!).length);
    expect(left(() => tf.dispose(stepTensors(result!)))).toBe(-made);
    expect(left(() => tf.tidy(() => void step()))).toBe(0);
    expect(left(() => run.penalty(run.moment('train')).dispose())).toBe(0);
  });

  test('of `gradients` as well, in a tidy and outside of one', () => {
    const { run, variables } = line(probe({ penalty: hooks.penalty!, l2: hooks.l2! }));
    const f = (addPenalty: (p: tf.Tensor) => void): tf.Tensor => {
      addPenalty(timesW(7, run.weights));
      return timesW(1, run.weights);
    };
    const pass = () => run.gradients(f, variables, run.moment('train'));
    expect(left(() => tf.tidy(() => void pass()))).toBe(0);
    expect(
      left(() => {
        const { loss, penalty, cost, gradients } = pass();
        tf.dispose([loss, penalty, cost, ...gradients.values()]);
      }),
    ).toBe(0);
  });
});

describe('an error leaves no tensor, no open tape and the weights as they were', () => {
  const no = (): never => {
    tf.scalar(1);
    throw new Error('no');
  };
  const around: Hooks['step'] = (inner, batch) => {
    inner(batch);
    return inner(batch);
  };
  const doors: readonly (readonly [keyof Hooks, Hooks])[] = [
    ['l2', { l2: no }],
    ['loss', { loss: no }],
    ['penalty', { penalty: no }],
    ['step', { step: no }],
    [
      'step',
      {
        step(inner, batch) {
          inner(batch);
          return no();
        },
      },
    ],
  ];
  test.each(doors)('in the door %s', (hook, hooks) => {
    const { run, computation, batch, variables, w } = line(probe({ step: around }, 'outside'), probe(hooks));
    const taken = (): StepResult => run.takeStep(computation, batch, variables, run.moment('train'));
    expect(
      left(() => {
        expect(taken).toThrow(PluginError);
        expect(taken).toThrow(expect.objectContaining({ plugin: 'probe', hook }));
      }),
    ).toBe(0);
    expect(w()).toBe(2);
    expect(numberOf(tf.grad(x => tf.square(x))(tf.scalar(3)))).toBe(6);
  });

  const parts: readonly (keyof Computation)[] = ['predict', 'loss', 'metrics', 'penalties'];
  test.each(parts)('in the computation’s %s, which comes out as it was thrown', part => {
    const { run, computation, batch, variables } = line(probe({ step: around, penalty: w => timesW(1, w) }));
    const error = new Error('mine');
    const broken = {
      ...computation,
      [part]: () => {
        tf.scalar(1);
        throw error;
      },
    };
    const taken = (): StepResult => run.takeStep(broken, batch, variables, run.moment('train'));
    expect(left(() => expect(taken).toThrow(error))).toBe(0);
    const mended = run.takeStep(computation, batch, variables, run.moment('train'));
    expect(numberOf(mended.loss)).toBe(36);
  });

  test('after a penalty was collected', () => {
    const { run, computation, batch, variables } = line(probe({ loss: no }));
    const penalties = () => [timesW(7, run.weights)];
    const taken = (): StepResult => run.takeStep({ ...computation, penalties }, batch, variables, run.moment('train'));
    expect(left(() => expect(taken).toThrow('no'))).toBe(0);
  });

  test('of a loss that does not depend on the weights', () => {
    const { run, computation, batch, variables } = line(probe({ l2: weights => all(weights, 1) }));
    const loss = (): tf.Tensor => tf.scalar(1);
    const taken = (): StepResult => run.takeStep({ ...computation, loss }, batch, variables, run.moment('train'));
    expect(left(() => expect(taken).toThrow(/connection|gradient/i))).toBe(0);
  });

  test.each([
    ['loss', { loss: () => tf.ones([2]) }],
    ['penalty', { penalty: () => tf.ones([2]) }],
  ] as const)('of a %s of rank 1', (hook, hooks) => {
    const { run, computation, batch, variables } = line(probe(hooks));
    const taken = (): StepResult => run.takeStep(computation, batch, variables, run.moment('train'));
    expect(left(() => expect(taken).toThrow(expect.objectContaining({ hook, plugin: 'probe' })))).toBe(0);
  });
});
