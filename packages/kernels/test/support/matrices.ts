/** Random products of matrices, of all sizes at which a kernel takes another way. */
import fc from 'fast-check';
import { floats, sizeOf } from './numbers.ts';
import type { Matrices } from './products.ts';

/** Sizes m, n, k: mostly small, with odd tails of tiles of 5 or 6 × 8 and of vectors of 4, 16 and 32. */
export const small = fc.tuple(
  fc.integer({ min: 1, max: 20 }),
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 20 }) },
    { weight: 1, arbitrary: fc.constantFrom(31, 33, 40) },
  ),
  fc.oneof(
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 8 }) },
    { weight: 1, arbitrary: fc.integer({ min: 9, max: 40 }) },
  ),
);

const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

/** Sizes around those of the blocks: 22 tiles of rows, 16 rows unpacked, 512 and 1024 columns, 400 of k. */
export const nearBlocks = fc.oneof(
  fc.tuple(fc.constantFrom(109, 110, 111, 115, 131, 132, 133, 139, 220, 221, 265), upTo(9), upTo(9)),
  fc.tuple(upTo(20), fc.constantFrom(511, 512, 513, 516, 517, 521), upTo(7)),
  fc.tuple(upTo(18), fc.constantFrom(1023, 1024, 1025, 1029, 2050), upTo(18)),
  fc.tuple(upTo(20), upTo(12), fc.constantFrom(399, 400, 401, 402, 403, 799, 800, 801, 1201)),
);

/** The batch dimensions of both: equal ones, 1 against many either way round, left out in one. */
const batches = fc
  .record({
    whole: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
    ones: fc.tuple(fc.nat(3), fc.nat(3)),
    cut: fc.tuple(fc.nat(2), fc.nat(2)),
    // as often as not, both are whole
    equal: fc.boolean(),
  })
  .map(({ whole, ones, cut, equal }) => {
    if (equal) return [whole, whole] as const;
    const own = (mask: number, less: number): number[] =>
      whole.map((d, i) => (mask & (1 << i) ? 1 : d)).slice(Math.min(less, whole.length));
    return [own(ones[0], cut[0]), own(ones[1], cut[1])] as const;
  });

export type Sizes = [m: number, n: number, k: number];

/** @param lead a batch dimension of b at least: products of one matrix may be the stock kernel's */
export const product = (sizes: fc.Arbitrary<Sizes>, lead = false) =>
  fc
    .record({ sizes, batch: batches, transposeA: fc.boolean(), transposeB: fc.boolean(), seed: fc.nat() })
    .map(given => {
      const { sizes, batch, transposeA, transposeB, seed } = given;
      const [m, n, k] = sizes;
      const bBatch = lead && batch[1].length === 0 ? [1] : batch[1];
      const aShape = [...batch[0], ...(transposeA ? [k, m] : [m, k])];
      const bShape = [...bBatch, ...(transposeB ? [n, k] : [k, n])];
      return { aShape, bShape, transposeA, transposeB, seed, n };
    });

export const withValues = <T extends Matrices & { seed: number }>(given: T) => ({
  ...given,
  a: floats(sizeOf(given.aShape), given.seed),
  b: floats(sizeOf(given.bShape), given.seed + 1),
});
