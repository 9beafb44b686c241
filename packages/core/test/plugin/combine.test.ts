/** How the hooks of a list become the hooks of one plugin: in which order, of whom what is seen, whose fault an error is, who owns tensors. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import type {
  Batch,
  Gradients,
  Hooks,
  Moment,
  Pass,
  Snapshot,
  State,
  Step,
  StepResult,
  Verdict,
  Weight,
} from '../../src/index.ts';
import { PluginError } from '../../src/index.ts';
import { combine, type Member } from '../../src/plugin/combine.ts';
import { left } from '../run/line.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const moment = (): Moment => ({
  step: 0,
  phase: 'train',
  epoch: 0,
  learningRate: 0,
  rows: [0, 4],
  key: () => ({ seed: 0, step: 0, site: 0, draw: 0 }),
});
const at = moment();
const member = (hooks: Hooks, name = 'probe', own = (seen: Moment): Moment => seen): Member => ({
  name,
  hooks,
  moment: own,
});
const members = (...list: readonly Hooks[]): Member[] => list.map((hooks, i) => member(hooks, `plugin ${i}`));

const weight = (path: string): Weight => ({
  variable: tf.variable(tf.tensor1d([1, 2])),
  path,
  layer: 'dense',
  role: 'kernel',
  fanInAxes: [0],
  trainable: true,
});
const weights = (): readonly Weight[] => [weight('a'), weight('b')];
const batch = (): Batch => ({ x: { x: tf.scalar(1) }, y: { y: tf.scalar(2) } });
const pass = (): Pass => ({
  batch: batch(),
  predictions: {},
  predict: () => ({}),
  loss: () => tf.scalar(0),
  addPenalty: () => undefined,
});
const gradientsOf = (all: readonly Weight[]): Gradients => new Map(all.map(w => [w.path, tf.tensor1d([1, 1])]));
const stepResult = (): StepResult => ({
  loss: tf.scalar(1),
  penalty: tf.scalar(0),
  cost: tf.scalar(1),
  metrics: {},
  gradients: new Map(),
  l2: new Map(),
});
const numberOf = (t: tf.Tensor): number => t.dataSync()[0] as number;
const entries = (map: ReadonlyMap<string, tf.Tensor>) => [...map].map(([path, t]) => [path, ...t.dataSync()]);

/** Calls every hook of combined hooks, each as a driver does; what is missing from here does not compile. */
const calls: { readonly [H in keyof Hooks]-?: (hooks: Required<Hooks>) => unknown } = {
  settings: h => h.settings(at),
  batch: h => h.batch(batch(), at),
  step: h => h.step(stepResult, batch(), weights(), at),
  loss: h => h.loss(tf.scalar(1), pass(), at),
  penalty: h => h.penalty(weights(), at),
  l2: h => h.l2(weights(), at),
  gradients: h => h.gradients(new Map(), weights(), at),
  beforeUpdate: h => h.beforeUpdate(weights(), at),
  weightDecay: h => h.weightDecay(weights(), at),
  afterUpdate: h => h.afterUpdate(weights(), at),
  evaluate: h => h.evaluate(weights(), at),
  monitors: h => h.monitors(),
  epochEnd: h => h.epochEnd({}, weights(), at),
  end: h => h.end(weights()),
  state: h => h.state(),
  restore: h => h.restore({ tensors: {}, values: [null, null] }),
  dispose: h => h.dispose(),
};
const doors = Object.keys(calls) as (keyof Hooks)[];

/** What each hook may return. */
const returns: { readonly [H in keyof Hooks]-?: Required<Hooks>[H] } = {
  settings: () => ({}),
  batch: given => given,
  step: (inner, given) => inner(given),
  loss: given => given,
  penalty: () => tf.scalar(0),
  l2: () => new Map(),
  gradients: given => given,
  beforeUpdate: () => undefined,
  weightDecay: () => new Map(),
  afterUpdate: () => undefined,
  evaluate: () => undefined,
  monitors: () => [],
  epochEnd: () => undefined,
  end: () => undefined,
  state: () => ({ tensors: {}, values: null }),
  restore: () => undefined,
  dispose: () => undefined,
};

describe.each(doors)('the door %s', door => {
  const noting = (name: string, seen: string[]): Member => {
    const hook = returns[door] as (...args: unknown[]) => unknown;
    const noted = (...args: unknown[]): unknown => {
      seen.push(name);
      return hook(...args);
    };
    return member({ [door]: noted }, name);
  };

  test('is there where some plugin has it, and opens to them in the order of the list', () => {
    const seen: string[] = [];
    const hooks = combine([noting('first', seen), member({}), noting('last', seen)]);
    expect(Object.keys(hooks)).toEqual([door]);
    calls[door](hooks as Required<Hooks>);
    expect(seen).toEqual(['first', 'last']);
  });

  test('an error names plugin and hook, with its cause; what already says so is passed on', () => {
    const cause = new Error('no');
    const said = new PluginError('elsewhere', { plugin: 'inner', hook: 'penalty' });
    for (const [thrown, expected] of [
      [cause, { plugin: 'second', hook: door, cause }],
      [said, { plugin: 'inner', hook: 'penalty', message: 'elsewhere' }],
    ] as const) {
      const failing = {
        [door]: () => {
          throw thrown;
        },
      };
      const hooks = combine([noting('first', []), member(failing, 'second')]) as Required<Hooks>;
      const failed = (): unknown => calls[door](hooks);
      expect(failed).toThrow(PluginError);
      expect(failed).toThrow(expect.objectContaining(expected));
    }
  });
});

test('every plugin sees a moment of its own', () => {
  const seen: number[] = [];
  const own = (site: number) => (given: Moment) => ({ ...given, key: () => ({ seed: 0, step: 0, site, draw: 0 }) });
  const draw = (_: readonly Weight[], now: Moment): void => void seen.push(now.key().site);
  combine([member({ afterUpdate: draw }, 'a', own(1)), member({ afterUpdate: draw }, 'b', own(2))]).afterUpdate!(
    [],
    at,
  );
  expect(seen).toEqual([1, 2]);
});

describe('what one plugin makes of the work of others', () => {
  test('batch, loss and gradients go from one to the next', () => {
    const twice: Hooks = {
      batch: b => ({ ...b, x: { x: tf.mul(b.x.x!, 2) } }),
      loss: loss => tf.mul(loss, 2),
      gradients: g => new Map([...g].map(([path, t]) => [path, tf.mul(t, 2)])),
    };
    const plusOne: Hooks = {
      batch: b => ({ ...b, x: { x: tf.add(b.x.x!, 1) } }),
      loss: loss => tf.add(loss, 1),
      gradients: g => new Map([...g].map(([path, t]) => [path, tf.add(t, 1)])),
    };
    const hooks = combine(members(twice, plusOne));
    expect(numberOf(hooks.batch!(batch(), at).x.x!)).toBe(3);
    expect(numberOf(hooks.loss!(tf.scalar(5), pass(), at))).toBe(11);
    const all = weights();
    expect(entries(hooks.gradients!(gradientsOf(all), all, at))).toEqual([
      ['a', 3, 3],
      ['b', 3, 3],
    ]);
  });

  test('penalties are summed, coefficients by path; the last setting wins', () => {
    const hooks = combine(
      members(
        {
          penalty: () => tf.scalar(1),
          l2: () => new Map([['a', 1]]),
          settings: () => ({ learningRate: 1, momentum: 1 }),
        },
        {
          penalty: () => tf.scalar(2),
          l2: () =>
            new Map([
              ['a', 2],
              ['b', 4],
            ]),
          settings: () => ({ learningRate: 2 }),
        },
      ),
    );
    expect(numberOf(hooks.penalty!(weights(), at))).toBe(3);
    expect([...hooks.l2!(weights(), at)]).toEqual([
      ['a', 3],
      ['b', 4],
    ]);
    expect(hooks.settings!(at)).toEqual({ learningRate: 2, momentum: 1 });
  });

  test('the first reason to stop counts, and the last learning rate', () => {
    const verdicts: readonly (Verdict | undefined)[] = [
      { learningRate: 1 },
      { stop: 'first' },
      { stop: 'second', learningRate: 2 },
      undefined,
    ];
    const hooks = combine(members(...verdicts.map((verdict): Hooks => ({ epochEnd: () => verdict }))));
    expect(hooks.epochEnd!({}, weights(), at)).toEqual({ stop: 'first', learningRate: 2 });
  });

  test('the last snapshot of a weight wins; at the end one who swaps for evaluation yields', () => {
    const snapshot = (values: Readonly<Record<string, number>>) => (): Snapshot =>
      new Map(Object.entries(values).map(([path, value]) => [path, tf.scalar(value)]));
    const [first, last] = [snapshot({ a: 1, b: 1 }), snapshot({ b: 2 })];
    const evaluating = combine(members({ evaluate: first }, { evaluate: last }));
    expect(entries(evaluating.evaluate!(weights(), at) as Snapshot)).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    const swaps: Hooks = { evaluate: () => undefined, end: first };
    for (const list of [
      [swaps, { end: last }],
      [{ end: last }, swaps],
    ]) {
      expect(entries(combine(members(...list)).end!(weights()) as Snapshot)).toEqual([
        ['a', 1],
        ['b', 2],
      ]);
    }
  });

  test('the first plugin with a step is outermost, and each sees the rows that it was called for', () => {
    const seen: string[] = [];
    const halves =
      (name: string): Required<Hooks>['step'] =>
      (inner, given, _, { rows: [first, total] }) => {
        seen.push(`${name} ${first}`);
        inner(given, [first, total]);
        return inner(given, [first + 1, total]);
      };
    const hooks = combine(members({ step: halves('outer') }, { step: halves('inner') }));
    const innermost: Step = (_, rows) => {
      seen.push(`pass ${rows?.[0]}`);
      return stepResult();
    };
    hooks.step!(innermost, batch(), weights(), at);
    const inner = (first: number): string[] => [`inner ${first}`, `pass ${first}`, `pass ${first + 1}`];
    expect(seen).toEqual(['outer 0', ...inner(0), ...inner(1)]);
  });
});

describe('what is refused', () => {
  const vector = () => tf.tensor1d([1, 2]);
  const refused: readonly (readonly [keyof Hooks, string, Hooks])[] = [
    ['penalty', 'not a scalar', { penalty: vector }],
    ['loss', 'not a scalar', { loss: vector }],
    ['l2', 'negative', { l2: () => new Map([['a', -1]]) }],
    ['l2', 'not finite', { l2: () => new Map([['a', Number.POSITIVE_INFINITY]]) }],
    ['l2', 'of no weight', { l2: () => new Map([['elsewhere', 1]]) }],
    ['weightDecay', 'not a number', { weightDecay: () => new Map([['a', Number.NaN]]) }],
    ['weightDecay', 'of no weight', { weightDecay: () => new Map([['elsewhere', 1]]) }],
  ];
  test.each(refused)('%s that is %s', (door, _, hooks) => {
    expect(() => calls[door](combine([member(hooks)]) as Required<Hooks>)).toThrow(
      expect.objectContaining({ plugin: 'probe', hook: door }),
    );
  });

  test.each<readonly [string, (g: Gradients) => Gradients]>([
    ['one is missing', g => new Map([...g].slice(1))],
    ['one is of no weight', g => new Map([...g, ['elsewhere', vector()]])],
    ['one has another shape', g => new Map([...g].map(([path]) => [path, tf.scalar(1)]))],
  ])('gradients of which %s', (_, change) => {
    const all = weights();
    expect(() => combine([member({ gradients: change })]).gradients!(gradientsOf(all), all, at)).toThrow(
      expect.objectContaining({ plugin: 'probe', hook: 'gradients' }),
    );
  });
});

describe('who owns tensors', () => {
  test('what a step makes on the way is let go of; its result is the caller’s', () => {
    const wasteful: Hooks = {
      step(inner, given) {
        inner(given);
        return { ...inner(given), cost: tf.scalar(2) };
      },
    };
    const hooks = combine(members(wasteful, wasteful));
    const [given, all] = [batch(), weights()];
    expect(left(() => void hooks.step!(stepResult, given, all, at))).toBe(3);
  });

  test('each plugin gets its own state back, and no other; the state is handed over', () => {
    const restored: State[] = [];
    const stateful = (value: number): Hooks => ({
      state: () => ({ tensors: { value: tf.scalar(value), [`${value}/deep`]: tf.scalar(-value) }, values: { value } }),
      restore: state => void restored.push(state),
    });
    const hooks = combine(members(stateful(1), {}, stateful(2)));
    let state: State | undefined;
    expect(
      left(() => {
        state = hooks.state!();
      }),
    ).toBe(4);
    hooks.restore!(state!);
    const plain = restored.map(({ tensors, values }) => ({
      tensors: Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, numberOf(t)])),
      values,
    }));
    expect(plain).toEqual([1, 2].map(value => ({ tensors: { value, [`${value}/deep`]: -value }, values: { value } })));
  });

  test('a state that cannot be taken leaves nothing behind', () => {
    const failing = (): never => {
      throw new Error('no');
    };
    const hooks = combine(
      members({ state: () => ({ tensors: { a: tf.scalar(1) }, values: null }) }, { state: failing }),
    );
    expect(left(() => expect(() => hooks.state!()).toThrow(PluginError))).toBe(0);
  });

  test('everyone is disposed, also after one that fails; the first error is thrown', () => {
    const disposed: number[] = [];
    const disposing = (i: number, fails = false): Hooks => ({
      dispose() {
        disposed.push(i);
        if (fails) throw new Error('no');
      },
    });
    const hooks = combine(members(disposing(0), disposing(1, true), disposing(2, true), disposing(3)));
    expect(() => hooks.dispose!()).toThrow(expect.objectContaining({ plugin: 'plugin 1', hook: 'dispose' }));
    expect(disposed).toEqual([0, 1, 2, 3]);
  });
});
