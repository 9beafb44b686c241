/** The update through its doors: by hand, in order, and what an error leaves. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Hooks, PluginError, type Weight } from '../../src/index.ts';
import { type Line, left, line, numberOf, probe, RATE } from './line.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const all = (weights: readonly Weight[], value: number): Map<string, number> =>
  new Map(weights.map(w => [w.path, value]));

/** One step; its scalars are let go of. */
function update({ run, computation, batch, variables }: Line): void {
  const at = run.moment('train');
  const step = run.takeStep(computation, batch, variables, at);
  tf.dispose([step.loss, step.penalty, step.cost, ...Object.values(step.metrics)]);
  run.update(step, at);
}

const DECAY = 0.5;
const LAMBDA = 2;
const l2AndDecay: Hooks = { l2: weights => all(weights, LAMBDA), weightDecay: weights => all(weights, DECAY) };

test.each([
  ['at the optimizer', {}],
  ['in the gradients, for a plugin that looks at them', { gradients: (g: ReadonlyMap<string, tf.Tensor>) => g }],
  ['in the gradients, for a plugin that may change weights', { beforeUpdate: () => undefined }],
])('w ← (1 − η d) w − η (g + 2 λ w), the L2 term %s', (_, more) => {
  const given = line(probe(l2AndDecay), probe(more));
  update(given);
  // g = 2 · 6 · 3 at w = 2
  expect(given.w()).toBeCloseTo((1 - RATE * DECAY) * 2 - RATE * (36 + 2 * LAMBDA * 2), 6);
});

test('gradients → beforeUpdate → weightDecay → optimizer → afterUpdate, at one step; gradients hold the L2 terms', () => {
  const seen: unknown[] = [];
  const given: Line = line(
    probe(l2AndDecay),
    probe({
      gradients(gradients, _, at) {
        seen.push(['gradients', at.step, numberOf([...gradients.values()][0]!)]);
        return new Map([...gradients].map(([path]) => [path, tf.zeros([1, 1])]));
      },
      beforeUpdate: (_, at) => void seen.push(['beforeUpdate', at.step, given.w()]),
      weightDecay(_, at) {
        seen.push(['weightDecay', at.step, given.w()]);
        return new Map();
      },
      afterUpdate: (_, at) => void seen.push(['afterUpdate', at.step, given.w()]),
    }),
  );
  update(given);
  const decayed = Math.fround(2 * Math.fround(1 - RATE * DECAY));
  expect(seen).toEqual([
    ['gradients', 0, 36 + 2 * LAMBDA * 2],
    ['beforeUpdate', 0, 2],
    ['weightDecay', 0, 2],
    ['afterUpdate', 0, decayed],
  ]);
  expect(given.run.step).toBe(1);
});

test('the gradients are disposed, and nothing is left', () => {
  const given = line(probe(l2AndDecay), probe({ gradients: g => new Map([...g].map(([p, t]) => [p, tf.mul(t, 2)])) }));
  update(given);
  expect(left(() => update(given))).toBe(0);
});

describe('an error', () => {
  const no = (): never => {
    tf.scalar(1);
    throw new Error('no');
  };
  const before: readonly (readonly [keyof Hooks, Hooks])[] = [
    ['gradients', { gradients: no }],
    ['gradients', { gradients: () => new Map() }],
    ['gradients', { gradients: g => new Map([...g].map(([path]) => [path, tf.zeros([2])])) }],
    ['gradients', { gradients: g => new Map([...g, ['elsewhere', tf.zeros([2])]]) }],
    ['beforeUpdate', { beforeUpdate: no }],
    ['weightDecay', { weightDecay: no }],
    ['weightDecay', { weightDecay: weights => all(weights, -1) }],
    ['weightDecay', { weightDecay: weights => all(weights, Number.NaN) }],
    ['weightDecay', { weightDecay: () => new Map([['elsewhere', 1]]) }],
  ];
  test.each(before)(
    'in %s comes before the optimizer: no weight moves, no step is counted, nothing is left',
    (hook, hooks) => {
      const given = line(probe(l2AndDecay, 'first'), probe(hooks));
      const failing = (): void => update(given);
      expect(
        left(() => {
          expect(failing).toThrow(PluginError);
          expect(failing).toThrow(expect.objectContaining({ plugin: 'probe', hook }));
        }),
      ).toBe(0);
      expect([given.w(), given.run.step, given.optimizer.iterations]).toEqual([2, 0, 0]);
    },
  );

  test('in afterUpdate finds the weights moved and leaves nothing', () => {
    const given = line(probe({ afterUpdate: no }));
    const failing = (): void => update(given);
    expect(left(() => expect(failing).toThrow(expect.objectContaining({ plugin: 'probe', hook: 'afterUpdate' })))).toBe(
      0,
    );
    expect(given.w()).toBeCloseTo(2 - RATE * 36, 6);
    expect(given.run.step).toBe(0);
  });
});
