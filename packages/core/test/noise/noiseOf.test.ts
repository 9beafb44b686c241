import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { OptionError, option, type Schedule } from '../../src/index.ts';
import {
  defineLayer,
  defineReparametrization,
  hasKeepProb,
  isIdentityAtInference,
  keepProbAt,
  keepProbNoisesOf,
  layerPlugin,
  type Noise,
  type NoiseDefinitions,
  noiseOf,
  noisesOf,
  setKeepProbOf,
  thisCore,
  turnOff,
  unlikeDropout,
} from '../../src/layers.ts';
import { linear } from '../../src/schedules.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

interface Shaken {
  readonly survival: number | Schedule;
  readonly loss: number | Schedule;
  readonly jitter?: number | Schedule;
  readonly seed?: number | null;
}
const probability = option.schedule({ min: 0, max: 1 });
/** Options that are called nothing in particular. */
const shaken = defineLayer<Shaken>({
  name: 'shaken',
  className: 'TestShaken',
  options: {
    survival: probability,
    loss: probability,
    jitter: option.schedule({ min: 0, fallback: 0 }),
    seed: option.custom('an integer or null', v => v === null || Number.isSafeInteger(v), { fallback: null }),
  },
  noise: {
    survival: {
      strength: 'kept',
      effect: 'multiplies',
      target: 'activations',
      noiseShape: input => [null, input[1] ?? 1],
    },
    loss: { strength: 'dropped', effect: 'multiplies', target: 'state' },
    jitter: { strength: 'stddev', effect: 'adds', target: 'activations' },
  },
  forward: x => x,
});
const quiet = defineLayer<object>({ name: 'quiet', className: 'TestQuiet', options: {}, forward: x => x });
const at = (step: number) => ({ step, epoch: 0 });
const byOption = (layer: tf.layers.Layer): Record<string, Noise> =>
  Object.fromEntries(noiseOf(layer).map(noise => [noise.option, noise]));
const behind = (...layers: tf.layers.Layer[]): tf.LayersModel => {
  const input = tf.input({ shape: [4, 3] });
  const output = layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  return tf.model({ inputs: input, outputs: output });
};

describe('a layer tells what its definition says', () => {
  test('each strength as it is now, in its own terms, with the seed and the shape of the mask', () => {
    const layer = shaken({ survival: 0.75, loss: 0.25, seed: 7 });
    const { survival, loss, jitter } = byOption(layer);
    expect(survival).toMatchObject({ strength: 'kept', value: 0.75, isOn: true, seed: 7 });
    expect(loss).toMatchObject({ strength: 'dropped', value: 0.25, isOn: true, target: 'state' });
    expect(jitter).toMatchObject({ strength: 'stddev', value: 0, isOn: false, effect: 'adds' });
    expect(survival?.noiseShape?.([2, 5])).toEqual([null, 5]);
    expect([survival, loss, jitter].map(noise => noise && hasKeepProb(noise))).toEqual([true, true, false]);
  });

  test('off is 1 for what is kept and 0 for what is dropped or spread; back as it was', () => {
    const layer = shaken({ survival: 0.75, loss: 0.25, jitter: 2 });
    const restores = noiseOf(layer).map(turnOff);
    expect(layer.options).toMatchObject({ survival: 1, loss: 0, jitter: 0 });
    expect(noiseOf(layer).every(({ isOn }) => !isOn)).toBe(true);
    for (const restore of restores.reverse()) restore();
    expect(layer.options).toMatchObject({ survival: 0.75, loss: 0.25, jitter: 2 });
  });

  test('a keepProb is read and set in either direction, schedules included, and checked as in the factory', () => {
    const layer = shaken({
      survival: linear({ from: 1, to: 0.5, steps: 2 }),
      loss: linear({ from: 0, to: 0.5, steps: 2 }),
    });
    const { survival, loss } = byOption(layer) as { survival: Noise; loss: Noise };
    expect([0, 1, 2].map(step => keepProbAt(survival, at(step)))).toEqual([1, 0.75, 0.5]);
    expect([0, 1, 2].map(step => keepProbAt(loss, at(step)))).toEqual([1, 0.75, 0.5]);
    expect([survival.isOn, loss.isOn]).toEqual([true, true]);
    const restore = setKeepProbOf(loss, 0.9);
    expect(layer.options.loss).toBeCloseTo(0.1, 12);
    restore();
    expect(layer.options.loss).toEqual(linear({ from: 0, to: 0.5, steps: 2 }));
    expect(() => setKeepProbOf(survival, 2)).toThrow(OptionError);
  });

  test('how it differs from plain dropout, where the author does not say it in words', () => {
    const { survival, loss, jitter } = byOption(shaken({ survival: 0.5, loss: 0.5 })) as Record<string, Noise>;
    const unlike = (change: Partial<Noise>): string | undefined => unlikeDropout({ ...survival, ...change } as Noise);
    expect(unlike({})).toBeUndefined();
    expect(unlikeDropout(loss as Noise)).toMatch(/acts on the state/);
    expect(unlikeDropout(jitter as Noise)).toMatch(/standard deviation/);
    expect(unlike({ effect: 'replaces' })).toMatch(/replaced/);
    expect(unlike({ noiseShape: undefined as never })).toMatch(/shape of its mask/);
    expect(unlike({ unlike: 'it is another thing' })).toBe('it is another thing');
  });

  test('a reparametrization tells of the noise on its kernel', () => {
    const dropped = defineReparametrization<{ readonly share: number }>({
      name: 'dropped',
      className: 'TestDropped',
      options: { share: option.number({ min: 0, max: 1 }) },
      noise: { share: { strength: 'dropped', effect: 'multiplies', target: 'weights' } },
      kernel: w => w,
    });
    const layer = dropped(tf.layers.dense({ units: 2 }), { share: 0.25 });
    expect(noiseOf(layer)).toMatchObject([{ option: 'share', target: 'weights', value: 0.25 }]);
    expect(isIdentityAtInference(layer)).toBe(false);
    expect(() => dropped(tf.layers.dense({ units: 2 }), 0.25 as never)).toThrow(
      /bare number.*`share`.*≥ 0 and ≤ 1.*0\.25/,
    );
  });

  test('a strength is an option of the layer that is a number', () => {
    interface Typed {
      readonly keepProb: number;
      readonly mode?: string;
    }
    const nature = { strength: 'kept', effect: 'multiplies', target: 'activations' } as const;
    expectTypeOf({ keepProb: nature }).toExtend<NoiseDefinitions<Typed>>();
    expectTypeOf({ mode: nature }).not.toExtend<NoiseDefinitions<Typed>>();
    expectTypeOf<keyof NoiseDefinitions<Typed>>().toEqualTypeOf<'keepProb'>();
    expectTypeOf<keyof NoiseDefinitions<Shaken>>().toEqualTypeOf<'survival' | 'loss' | 'jitter' | 'seed'>();
  });
});

describe('who is asked', () => {
  class Own extends tf.layers.Layer {
    static className = 'TestOwnCell';
    dropout = 0.5;
    override computeOutputShape<S>(shape: S): S {
      return shape;
    }
  }

  test('any layer that describes its noise; nothing is guessed from the names of classes and fields', () => {
    const noise: Noise = {
      ...{ option: 'amount', strength: 'dropped', effect: 'multiplies', target: 'activations', value: 0.5, isOn: true },
      ...{ seed: null, set: () => () => undefined },
    };
    class Telling extends Own {
      readonly isIdentity = true;
      describeNoise(): readonly Noise[] {
        return [noise];
      }
    }
    const model = behind(new Own({}), quiet({}), new Telling({ name: 'telling' }));
    expect(noisesOf(model)).toEqual([{ name: 'telling', path: '3-TestOwnCell', layer: model.layers.at(-1), noise }]);
    expect(model.layers.map(isIdentityAtInference)).toEqual([false, false, true, true]);
  });

  test('a plugin under the name of a class of TF.js is not that class', () => {
    class Ours extends Own {
      static override className = 'Dropout';
      readonly [layerPlugin] = thisCore;
      rate = 0.5;
    }
    expect(noiseOf(new Ours({}))).toEqual([]);
    expect(isIdentityAtInference(new Ours({}))).toBe(false);
  });

  test('names are those that the author gave', () => {
    const model = behind(
      tf.layers.timeDistributed({ layer: shaken({ survival: 0.5, loss: 0, name: 'inner' }), name: 'outer' }),
      tf.layers.bidirectional({
        layer: tf.layers.gru({ units: 2, dropout: 0.5 }) as tf.RNN,
        name: 'both',
        mergeMode: 'sum',
      }),
    );
    expect(keepProbNoisesOf(model).map(({ name, noise }) => [name, noise.option])).toEqual([
      ['inner', 'survival'],
      ['both', 'dropout'],
      ['both', 'dropout'],
    ]);
  });
});
