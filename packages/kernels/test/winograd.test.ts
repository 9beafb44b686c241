/** Convolutions of 3 × 3 by Winograd's algorithm: where it runs, how far it is from exact results, and what it does with NaN and Infinity. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Bound, type Job, kind } from '../src/wasm/backend/module.ts';
import { gradientTilesPay, tilesPay } from '../src/wasm/kernels/convolution/winograd.ts';
import { byOurs, type Stock, withEachBuild } from './support/builds.ts';
import { type Exact, expectSame, expectWithin, floats, forwardBound, runs, sizeOf, take } from './support/numbers.ts';
import { run } from './support/onBoth.ts';
import { convExact } from './support/products.ts';
import { type Explicit, type Four, pair, upTo } from './support/windows.ts';
import {
  algorithms,
  asItIs,
  backwards,
  type Images,
  inSize,
  type Part,
  paddedExact,
  turned,
  winogradBound,
  winogradExact,
} from './support/winograd.ts';

interface Conv {
  readonly inShape: Four;
  readonly out: number;
  readonly pad: 'same' | 'valid' | Explicit;
  readonly seed: number;
}

const filterShape = ({ inShape, out }: Conv): Four => [3, 3, inShape[3], out];
const infoOf = (conv: Conv): tf.backend_util.Conv2DInfo =>
  tf.backend_util.computeConv2DInfo(conv.inShape, filterShape(conv), 1, 1, conv.pad);
const imagesOf = (conv: Conv): Images => {
  const { outShape, padInfo } = infoOf(conv);
  return { inShape: conv.inShape, outShape: outShape as Four, top: padInfo.top, left: padInfo.left };
};
const geometry = (from: Four, to: Four) => [from[1], from[2], from[3], to[1], to[2], 3, 3, 1, 1, 1, 1, 0, 0] as const;

/** Whether a part runs by Winograd. */
function pays(conv: Conv, part: Part): boolean {
  const { inShape, outShape } = imagesOf(conv);
  if (part === 'byInput') return tilesPay({ geometry: geometry(outShape, inShape), outChannels: conv.inShape[3] });
  const planes = { geometry: geometry(inShape, outShape), outChannels: conv.out };
  return part === 'forward' ? tilesPay(planes) : gradientTilesPay(planes);
}

const fours = fc.oneof(
  { weight: 4, arbitrary: upTo(5, 2).map(n => 4 * n) },
  { weight: 1, arbitrary: fc.constantFrom(48, 52) },
);
/** Shapes that run by Winograd in every part. */
const convs = fc
  .record({
    batch: upTo(3),
    height: upTo(17, 3),
    width: upTo(17, 3),
    c: fours,
    out: fours,
    pad: fc.oneof(
      fc.constantFrom('same' as const, 'valid' as const),
      fc.tuple(pair(4, 0), pair(4, 0)).map(([y, x]): Explicit => [[0, 0], y, x, [0, 0]]),
    ),
    seed: fc.nat(),
  })
  .map(({ batch, height, width, c, out, pad, seed }): Conv => ({ inShape: [batch, height, width, c], out, pad, seed }))
  .filter(conv => infoOf(conv).outShape.every(d => d > 0))
  .filter(conv => parts.every(part => pays(conv, part)));

const parts: readonly Part[] = ['forward', 'byInput', 'byFilter'];
const attrs = (conv: Conv): tf.NamedAttrMap =>
  ({ strides: [1, 1], pad: conv.pad, dilations: [1, 1], dataFormat: 'NHWC' }) as unknown as tf.NamedAttrMap;

/** What a part is computed from: x and filter, dy and filter, or x and dy. */
function inputsOf(conv: Conv, part: Part): [Float32Array, Float32Array] {
  const { inShape, outShape } = imagesOf(conv);
  const shapes = {
    forward: [inShape, filterShape(conv)],
    byInput: [outShape, filterShape(conv)],
    byFilter: [inShape, outShape],
  }[part];
  return shapes.map((shape, i) => floats(sizeOf(shape), conv.seed + i)) as [Float32Array, Float32Array];
}

function compute(conv: Conv, part: Part, [first, second]: [Float32Array, Float32Array]): Float32Array {
  const { inShape, outShape } = imagesOf(conv);
  const filter = filterShape(conv);
  const result = {
    forward: () => run(tf.Conv2D, { x: [first, inShape], filter: [second, filter] }, attrs(conv)),
    byInput: () =>
      run(
        tf.Conv2DBackpropInput,
        { dy: [first, outShape], filter: [second, filter] },
        { ...attrs(conv), inputShape: inShape },
      ),
    byFilter: () =>
      run(
        tf.Conv2DBackpropFilter,
        { x: [first, inShape], dy: [second, outShape] },
        { ...attrs(conv), filterShape: filter },
      ),
  }[part];
  return take(result());
}

/** What a part gives by definition, in float64. */
function exactOf(conv: Conv, part: Part, [first, second]: [Float32Array, Float32Array]): Exact {
  const trio = {
    forward: { x: first, filter: second },
    byInput: { dy: first, filter: second },
    byFilter: { x: first, dy: second },
  }[part];
  return convExact(infoOf(conv), trio);
}

/** The same class of number: NaN, one of the infinities, or finite. */
const classOf = (v: number): number => (Number.isFinite(Math.fround(v)) ? 0 : Math.fround(v));
const expectClasses = (actual: Float32Array, exact: Float64Array): void =>
  expectSame(actual.map(classOf), Float32Array.from(exact, classOf));

const conv = (inShape: Four, out: number, pad: Conv['pad'] = 'same'): Conv => ({ inShape, out, pad, seed: 7 });

test('both algorithms, in float64, are convolutions and their gradients', () => {
  fc.assert(
    fc.property(convs, conv => {
      for (const part of parts) {
        const inputs = inputsOf(conv, part);
        const { value, size } = exactOf(conv, part, inputs);
        const actual = algorithms[part](imagesOf(conv), ...inputs, asItIs);
        for (const [i, v] of actual.entries())
          expect(Math.abs(v - value[i]!)).toBeLessThanOrEqual(1e-12 * size[i]! + 1e-12);
      }
    }),
    runs(40),
  );
});

describe('where it pays', () => {
  const at = (inShape: Four, out: number, pad: 'same' | 'valid' = 'same'): boolean =>
    pays({ inShape, out, pad, seed: 0 }, 'forward');
  test('many channels, whole tiles', () => {
    expect(at([16, 32, 32, 16], 16)).toBe(true);
    expect(at([64, 13, 13, 16], 32, 'valid')).toBe(true);
    expect(at([1, 12, 12, 128], 128)).toBe(true);
  });
  test('not with one channel or three, with channels not in fours, nor with tiles that are mostly outside', () => {
    expect(at([64, 28, 28, 1], 16)).toBe(false);
    expect(at([16, 32, 32, 3], 16)).toBe(false);
    expect(at([16, 32, 32, 16], 10)).toBe(false);
    expect(at([16, 5, 5, 64], 64)).toBe(false);
  });
  test('whatever the batch', () => {
    fc.assert(
      fc.property(convs, upTo(9), (conv, batch) => {
        const other: Conv = { ...conv, inShape: [batch, ...conv.inShape.slice(1)] as unknown as Four };
        for (const part of parts) expect(pays(other, part)).toBe(true);
      }),
      runs(20),
    );
  });
});

withEachBuild((stock: Stock) => {
  /** Kinds of the jobs that ran. */
  let jobs: number[] = [];
  /** Kinds that are taken instead of others. */
  let instead: Record<number, Job['kind']> = {};
  beforeEach(() => {
    [jobs, instead] = [[], {}];
    const original = Bound.prototype.do;
    vi.spyOn(Bound.prototype, 'do').mockImplementation(function (this: Bound, job) {
      jobs.push(job.kind);
      return original.call(this, { ...job, kind: instead[job.kind] ?? job.kind });
    });
  });
  afterEach(() => {
    vi.mocked(Bound.prototype.do).mockRestore();
  });
  const kinds: Record<Part, number> = {
    forward: kind.convolveTiles,
    byInput: kind.convolveTiles,
    byFilter: kind.filterGradientTiles,
  };
  const byTiles = (conv: Conv, part: Part, inputs: [Float32Array, Float32Array]): Float32Array => {
    jobs = [];
    const result = byOurs(stock, () => compute(conv, part, inputs));
    expect(jobs).toEqual([kinds[part]]);
    return result;
  };
  const within = (conv: Conv, part: Part): void => {
    const inputs = inputsOf(conv, part);
    const exact = winogradExact(part, infoOf(conv), imagesOf(conv), ...inputs);
    expectWithin(byTiles(conv, part, inputs), exact, winogradBound);
  };

  describe('within rounding of exact results', () => {
    test.each(parts)('%s', part => {
      fc.assert(
        fc.property(convs, conv => within(conv, part)),
        runs(120),
      );
    });
    test.each<[string, Conv]>([
      ['more tiles than are taken at a time', conv([2, 41, 43, 8], 8)],
      ['more channels in than a block of a sum', conv([1, 8, 8, 404], 8)],
      ['more channels out than a block of columns', conv([1, 8, 8, 8], 516)],
      ['images narrower than a tile', conv([3, 16, 4, 12], 20)],
      [
        'padding wider than a tile',
        conv([1, 4, 4, 8], 8, [
          [0, 0],
          [6, 6],
          [6, 6],
          [0, 0],
        ]),
      ],
    ])('%s', (_, conv) => {
      for (const part of parts) if (pays(conv, part)) within(conv, part);
    });
    test('with a bias, which is one more number', () => {
      fc.assert(
        fc.property(convs, conv => {
          const [x, filter] = inputsOf(conv, 'forward');
          const bias = floats(conv.out, conv.seed + 3);
          const inputs = {
            x: [x, conv.inShape],
            filter: [filter, filterShape(conv)],
            bias: [bias, [conv.out]],
          } as const;
          const actual = take(
            byOurs(stock, () => run(tf.FusedConv2D, inputs, { ...attrs(conv), activation: 'linear' })),
          );
          expect(jobs).toContain(kind.convolveTiles);
          const { value, size, terms } = winogradExact('forward', infoOf(conv), imagesOf(conv), x, filter);
          const plus = (values: Float64Array, of: (v: number) => number): Float64Array =>
            values.map((v, i) => v + of(bias[i % conv.out]!));
          const exact = { value: plus(value, v => v), size: plus(size, Math.abs), terms: terms.map(n => n + 1) };
          expectWithin(actual, exact, winogradBound);
        }),
        runs(30),
      );
    });
  });

  describe('a result depends on its own image alone', () => {
    test.each(['forward', 'byInput'] as const)('%s, bit for bit, with NaN in another one, too', part => {
      fc.assert(
        fc.property(convs, conv => {
          const [first, second] = inputsOf(conv, part);
          const batch = conv.inShape[0];
          const one: Conv = { ...conv, inShape: [1, ...conv.inShape.slice(1)] as unknown as Four };
          const alone = first.slice(0, first.length / batch);
          const expected = byTiles(one, part, [alone, second]);
          const all = byTiles(conv, part, [first, second]);
          expectSame(all.subarray(0, expected.length), expected);
          const broken = first.map((v, i) => (i < alone.length ? v : Number.NaN));
          expectSame(byTiles(conv, part, [broken, second]).subarray(0, expected.length), expected);
          expectSame(byTiles(conv, part, [first, second]), all);
        }),
        runs(30),
      );
    });
  });

  describe('NaN, Infinity and numbers that overflow on the way stay where the definition has them', () => {
    const odd = fc.tuple(fc.constantFrom(Number.NaN, Infinity, -Infinity, 3e38, -2e38), fc.nat());
    const strewn = (values: Float32Array, some: readonly (readonly [number, number])[]): Float32Array => {
      const result = values.slice();
      for (const [v, at] of some) result[at % result.length] = v;
      return result;
    };
    const cases = [convs, fc.array(odd, { minLength: 1, maxLength: 3 }), fc.boolean()] as const;
    // small, so that a sum of huge numbers is finite
    const shrunk = (values: Float32Array): Float32Array => values.map(v => v / 1024);
    const strewnInto = (
      conv: Conv,
      part: Part,
      some: readonly [number, number][],
      intoFirst: boolean,
    ): [Float32Array, Float32Array] => {
      const [first, second] = inputsOf(conv, part);
      return intoFirst ? [strewn(first, some), shrunk(second)] : [shrunk(first), strewn(second, some)];
    };
    test.each(['forward', 'byInput'] as const)('%s', part => {
      fc.assert(
        fc.property(...cases, (conv, some, intoFirst) => {
          const inputs = strewnInto(conv, part, some, intoFirst);
          const actual = byOurs(stock, () => compute(conv, part, inputs));
          const images = imagesOf(conv);
          const exact =
            part === 'forward'
              ? paddedExact(images, ...inputs)
              : paddedExact(backwards(images), inputs[0], turned(inputs[1], conv.inShape[3], conv.out));
          expectClasses(actual, exact);
        }),
        runs(100),
      );
    });
    test('byFilter: eight channels out with one of them are bit for bit as without Winograd', () => {
      fc.assert(
        fc.property(...cases, (conv, some, intoFirst) => {
          const inputs = strewnInto(conv, 'byFilter', some, intoFirst);
          const actual = byTiles(conv, 'byFilter', inputs);
          const eight = (values: Float32Array, from: number): Float32Array =>
            values.filter((_, i) => i % conv.out >= from && i % conv.out < from + 8);
          instead = { [kind.filterGradientTiles]: kind.filterGradient };
          const expected = compute(conv, 'byFilter', inputs);
          instead = {};
          for (let from = 0; from < conv.out; from += 8) {
            const group = eight(actual, from);
            if (!group.every(Number.isFinite)) expectSame(group, eight(expected, from));
            else expect(eight(expected, from).every(Number.isFinite)).toBe(true);
          }
        }),
        runs(100),
      );
    });
    test('a row of tiles with NaN is computed by definition', () => {
      const shape = conv([1, 16, 16, 8], 8);
      const [x, filter] = inputsOf(shape, 'forward');
      const plain = byTiles(shape, 'forward', [x, filter]);
      // pixel (6, 5): outputs 5 to 7 of rows 5 to 7, all in the second row of tiles
      const broken = strewn(x, [[Number.NaN, (6 * 16 + 5) * 8 + 3]]);
      const actual = byTiles(shape, 'forward', [broken, filter]);
      const exact = exactOf(shape, 'forward', [broken, filter]);
      expectClasses(actual, exact.value);
      const row = 4 * 16 * 8;
      const outside = [...actual.keys()].filter(i => Math.floor(i / row) !== 1);
      expectSame(
        outside.map(i => actual[i]!),
        outside.map(i => plain[i]!),
      );
      const inside = [...actual.keys()].filter(i => Math.floor(i / row) === 1 && !Number.isNaN(actual[i]!));
      const pick = (values: Float64Array): Float64Array => Float64Array.from(inside, i => values[i]!);
      expectWithin(
        inside.map(i => actual[i]!),
        { value: pick(exact.value), size: pick(exact.size), terms: pick(exact.terms) },
        forwardBound,
      );
    });
    test('a filter with NaN is not spread at all', () => {
      const shape = conv([1, 16, 16, 8], 8);
      const [x, filter] = inputsOf(shape, 'forward');
      const inputs: [Float32Array, Float32Array] = [x, strewn(filter, [[Number.NaN, 3]])];
      expectClasses(
        byOurs(stock, () => compute(shape, 'forward', inputs)),
        paddedExact(imagesOf(shape), ...inputs),
      );
      expect(jobs).toEqual([kind.convolve]);
    });
  });

  test('working memory is at most 1 MB beside the values of the filter', () => {
    const bytes: number[] = [];
    const original = Bound.prototype.withBytes;
    const spy = vi.spyOn(Bound.prototype, 'withBytes').mockImplementation(function (this: Bound, size, f) {
      bytes.push(size);
      return original.call(this, size, f);
    } as typeof original);
    for (const [c, out] of [
      [8, 8],
      [16, 16],
      [48, 52],
      [404, 8],
      [8, 516],
      [256, 256],
    ] as const) {
      const shape = conv([1, 16, 16, c], out);
      for (const part of parts) {
        bytes.length = 0;
        if (!pays(shape, part)) continue;
        byTiles(shape, part, inputsOf(shape, part));
        // columns of the product come in eights
        const ofFilter = Math.max(Math.ceil(out / 8) * 8 * c, Math.ceil(c / 8) * 8 * out);
        const values = part === 'byFilter' ? 0 : 36 * (4 * ofFilter + 128);
        expect(Math.max(...bytes)).toBeLessThanOrEqual(values + 2 ** 20);
      }
    }
    spy.mockRestore();
  });

  test('gradients, and the gradient of a gradient', () => {
    const shape = conv([2, 16, 16, 8], 12, 'valid');
    const filter = filterShape(shape);
    const [x, w] = inputsOf(shape, 'forward');
    const along = floats(x.length, 31);
    const f = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, 'valid');
    const half = (a: tf.Tensor, b: tf.Tensor): tf.Scalar => tf.mul(tf.sum(tf.square(f(a, b))), 0.5);
    // of ½ Σ y² by x and by the filter, and of its slope by x along a direction, by the filter
    const actual = byOurs(stock, () =>
      tf.tidy(() => {
        const [image, weights] = [tf.tensor(x, shape.inShape), tf.tensor(w, filter)];
        const slope = (b: tf.Tensor): tf.Scalar =>
          tf.sum(tf.mul(tf.grad((a: tf.Tensor) => half(a, b))(image), tf.tensor(along, shape.inShape)));
        const first = tf.grads((a: tf.Tensor, b: tf.Tensor) => half(a, b))([image, weights]);
        return [...first, tf.grad(slope)(weights)].map(t => t.dataSync<'float32'>().slice());
      }),
    );
    expect(new Set(jobs)).toEqual(new Set([kind.convolveTiles, kind.filterGradientTiles]));
    const info = infoOf(shape);
    const images = imagesOf(shape);
    const single = (values: Float64Array): Float32Array => Float32Array.from(values);
    const exact = (inputs: Parameters<typeof convExact>[1]): Float32Array => single(convExact(info, inputs).value);
    const size = (part: Part, first: Float32Array, second: Float32Array): Float32Array =>
      single(algorithms[part](images, first, second, inSize));
    const plus = (a: Float32Array, b: Float32Array): Float32Array => a.map((v, i) => v + b[i]!);
    const [y, moved] = [exact({ x, filter: w }), exact({ x: along, filter: w })];
    const [ofY, ofMoved] = [size('forward', x, w), size('forward', along, w)];
    const expected: [Float32Array, Float32Array][] = [
      [exact({ dy: y, filter: w }), size('byInput', ofY, w)],
      [exact({ x, dy: y }), size('byFilter', x, ofY)],
      [
        plus(exact({ x, dy: moved }), exact({ x: along, dy: y })),
        plus(size('byFilter', x, ofMoved), size('byFilter', along, ofY)),
      ],
    ];
    // roundings of one algorithm after another, of its terms, and of what is around them
    const [c, o, tiles] = [8, 12, 32];
    const terms = (n: number): Float64Array => new Float64Array(x.length + w.length).fill(n + c + 29 + 8);
    for (const [i, [value, of]] of expected.entries()) {
      const exactly = {
        value: Float64Array.from(value),
        size: Float64Array.from(of),
        terms: terms(i === 0 ? o : tiles),
      };
      expectWithin(actual[i]!, exactly, winogradBound);
    }
  });
});
