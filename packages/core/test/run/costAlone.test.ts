/** J without gradients: the same number, bit for bit, no way back, and nothing left behind. */
import { install, uninstall } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Computation, openRun, type Run, stepTensors } from '../../src/driver.ts';
import type { Batch, Hooks, Plugins, Step, StepOptions, StepResult } from '../../src/index.ts';
import { defineLayer } from '../../src/layers.ts';
import { normalNoise } from '../../src/random.ts';
import { type Line, left, line, numberOf, probe } from './line.ts';

const alone: StepOptions = { gradients: false };

/** What `ask` is answered inside of a step; the update gets the gradients of a pass of its own. */
const asking = (ask: (inner: Step, batch: Batch) => void): Plugins =>
  probe({
    step(inner, batch) {
      ask(inner, batch);
      return inner(batch);
    },
  });

const l2: Hooks = { l2: weights => new Map(weights.map(w => [w.path, 0.5])) };
const bitsOf = (t: tf.Tensor): number[] => [...new Uint32Array(Float32Array.from(t.dataSync()).buffer)];

/** Noise that the run draws, and a penalty. */
const shaking = defineLayer({
  name: 'shaking',
  className: 'ShakingForCostAlone',
  options: {},
  forward(x, _, at) {
    at.addPenalty(tf.mul<tf.Scalar>(tf.mean(tf.square(x)), 0.01));
    return tf.mul(x, normalNoise(x.shape, at.key(), { mean: 1, scale: 0.3 }));
  },
});

interface Net {
  readonly inputShape: number[];
  readonly layers: () => tf.layers.Layer[];
}
const seeded = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
const nets: Readonly<Record<string, Net>> = {
  dense: {
    inputShape: [20],
    layers: () => [
      // so many weights for eight rows that our kernels compute otherwise where there is no tape
      tf.layers.dense({ units: 512, activation: 'relu', ...seeded(1), inputShape: [20] }),
      shaking(),
      tf.layers.dense({ units: 17, activation: 'tanh', ...seeded(2), kernelRegularizer: 'l1l2' }),
    ],
  },
  CNN: {
    inputShape: [9, 9, 2],
    layers: () => [
      tf.layers.conv2d({ filters: 5, kernelSize: 3, activation: 'relu', ...seeded(1), inputShape: [9, 9, 2] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      shaking(),
    ],
  },
  LSTM: {
    inputShape: [6, 4],
    layers: () => [
      tf.layers.lstm({
        units: 7,
        ...seeded(1),
        recurrentInitializer: tf.initializers.glorotUniform({ seed: 3 }),
        inputShape: [6, 4],
      }),
      shaking(),
    ],
  },
};

/** A run of a net with a softmax of three classes, its computation, and a batch of eight rows. */
function openNet({ inputShape, layers }: Net, ...plugins: Plugins[]) {
  const model = tf.sequential({
    layers: [...layers(), tf.layers.dense({ units: 3, activation: 'softmax', ...seeded(9) })],
  });
  const run = openRun(model, plugins, { host: 'fit', optimizer: tf.train.sgd(0.1), seed: 3, epoch: () => 0 });
  const computation: Computation = {
    predict: ({ x }) => ({ y: model.apply(x!, { training: true }) as tf.Tensor }),
    loss: ({ y: p }, { y }) => tf.metrics.categoricalCrossentropy(y.y!, p!).mean(),
    metrics: ({ y: p }) => ({ largest: tf.max(p!) }),
    penalties: () => model.calculateLosses(),
  };
  const batch: Batch = {
    x: { x: tf.randomUniform([8, ...inputShape], -1, 1, 'float32', 5) },
    y: { y: tf.oneHot(tf.range(0, 8, 1, 'int32').mod(3).cast('int32'), 3).cast('float32') },
  };
  return { run, computation, batch, variables: run.weights.filter(w => w.trainable).map(w => w.variable) };
}

const take = (
  run: Run,
  { computation, batch, variables }: Pick<Line, 'computation' | 'batch' | 'variables'>,
): StepResult => run.takeStep(computation, batch, variables, run.moment('train'));

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** TF.js' own wasm backend has no gradient of a convolution. */
const backends: readonly (readonly [string, readonly string[], () => Promise<unknown>])[] = [
  ['cpu', ['dense', 'CNN', 'LSTM'], () => tf.setBackend('cpu')],
  ['wasm', ['dense', 'LSTM'], () => tf.setBackend('wasm')],
  ['wasm with our kernels', ['dense', 'CNN', 'LSTM'], () => tf.setBackend('wasm').then(() => install())],
];

describe.each(backends)('on %s', (_, names, enter) => {
  beforeAll(async () => {
    await enter();
  });
  afterAll(async () => {
    uninstall();
    await tf.setBackend('cpu');
  });

  test.each(names)('J of a %s net and all its parts are the same numbers, bit for bit', name => {
    const seen: number[][][] = [];
    const ask = (inner: Step, batch: Batch): void => {
      for (const options of [undefined, alone, { gradients: true }, alone]) {
        const { loss, penalty, cost, metrics, gradients, l2 } = inner(batch, undefined, options);
        expect(gradients.size > 0).toBe(options?.gradients !== false);
        seen.push([...[loss, penalty, cost, metrics.largest!].map(bitsOf), [...l2.values()]]);
      }
    };
    const { run, ...net } = openNet(nets[name]!, asking(ask), probe(l2));
    tf.dispose(stepTensors(take(run, net)));
    expect(seen).toEqual(Array(4).fill(seen[0]));
    run.dispose();
  });
});

test('nothing goes back: a gradient is not even asked for', () => {
  let backwards = 0;
  const counted = tf.customGrad(x => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => {
      backwards++;
      return dy;
    },
  }));
  const loss: Hooks['loss'] = value => counted(value);
  const counts: number[] = [];
  const ask = (inner: Step, batch: Batch): void => {
    for (const options of [alone, undefined, alone]) {
      inner(batch, undefined, options);
      counts.push(backwards);
    }
  };
  const { run, ...net } = line(asking(ask), probe({ loss }));
  take(run, net);
  expect(counts).toEqual([0, 1, 1]);
});

test('J may have no gradient at all', () => {
  const once = tf.customGrad(x => ({
    value: tf.clone(x as tf.Tensor),
    gradFunc: (): tf.Tensor => {
      throw new Error('no way back');
    },
  }));
  let J = 0;
  const step: Hooks['step'] = (inner, batch) => {
    J = numberOf(inner(batch, undefined, alone).cost);
    return inner(batch);
  };
  const { run, ...net } = line(probe({ step, loss: value => once(value) }));
  expect(() => take(run, net)).toThrow('no way back');
  expect(J).toBe(36);
});

test('a gradient inside of J is taken as ever', () => {
  const slope: Hooks['loss'] = (value, { batch, predict, addPenalty }) => {
    const byInput = tf.grad(x => predict({ x }).y!);
    addPenalty(tf.sum(tf.square(byInput(batch.x.x!))));
    return value;
  };
  const J: number[] = [];
  const { run, ...net } = line(
    asking((inner, batch) => {
      J.push(numberOf(inner(batch, undefined, alone).cost), numberOf(inner(batch).cost));
    }),
    probe({ loss: slope }),
  );
  take(run, net);
  // ŷ = 2 · 3, and (dŷ/dx)² = 4
  expect(J).toEqual([36 + 4, 36 + 4]);
});

describe('plugins in between', () => {
  /** J half a step down the gradient, as SAM looks at it half a step up. */
  const ahead: Hooks = {
    step(inner, batch, weights) {
      const here = inner(batch);
      const moved = weights.map(w => [w, tf.clone(w.variable)] as const);
      for (const [w, value] of moved) w.variable.assign(tf.sub(value, tf.mul(here.gradients.get(w.path)!, 0.5)));
      try {
        return inner(batch);
      } finally {
        for (const [w, value] of moved) w.variable.assign(value);
      }
    },
  };

  test('take the gradients that they need; what they give back of them is let go of', () => {
    const J: number[] = [];
    const sizes: number[] = [];
    const ask = (inner: Step, batch: Batch): void => {
      for (const options of [alone, undefined]) {
        const { cost, gradients } = inner(batch, undefined, options);
        J.push(numberOf(cost));
        sizes.push(gradients.size);
      }
    };
    const { run, w, ...net } = line(asking(ask), probe(ahead));
    const taken = (): void => tf.dispose(stepTensors(take(run, net)));
    taken();
    // w = 2 − 36 / 2, ŷ = −16 · 3
    expect(J).toEqual([2304, 2304]);
    expect(sizes).toEqual([0, 1]);
    expect(w()).toBe(2);
    expect(left(taken)).toBe(0);
  });

  test('ask for rows without gradients; `take` is innermost for these passes, too', () => {
    const rows: unknown[] = [];
    const half = (inner: Step, batch: Batch): void => {
      expect(inner(batch, [1, 2], alone).gradients.size).toBe(0);
    };
    const { run, computation, batch, variables } = line(asking(half));
    run.takeStep(computation, batch, variables, run.moment('train', { rows: [0, 2] }), (pass, part, here) => {
      rows.push(here);
      return pass(part, here);
    });
    expect(rows).toEqual([
      [1, 2],
      [0, 2],
    ]);
  });
});

describe('who owns tensors', () => {
  test.each<[string, Plugins]>([
    ['no plugin', []],
    ['a penalty', probe({ penalty: ([w]) => tf.sum(w!.variable) })],
    ['an L2 term', probe(l2)],
  ])('nothing is left of J with %s', (_, plugin) => {
    const { run, ...net } = line(
      asking((inner, batch) => {
        for (let i = 0; i < 3; i++) inner(batch, undefined, alone);
      }),
      plugin,
    );
    const taken = (): void => tf.dispose(stepTensors(take(run, net)));
    taken();
    expect(left(taken)).toBe(0);
  });

  test('an error leaves no tensor and no open tape, and comes out as it was thrown', () => {
    const error = new Error('mine');
    const { run, computation, batch, variables } = line(asking((inner, given) => void inner(given, undefined, alone)));
    const loss = (): never => {
      tf.scalar(1);
      throw error;
    };
    const taken = (): StepResult => run.takeStep({ ...computation, loss }, batch, variables, run.moment('train'));
    expect(left(() => expect(taken).toThrow(error))).toBe(0);
    expect(numberOf(tf.grad(x => tf.square(x))(tf.scalar(3)))).toBe(6);
    expect(numberOf(run.takeStep(computation, batch, variables, run.moment('train')).cost)).toBe(36);
  });
});
