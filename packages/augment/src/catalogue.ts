/** Every technique of this package, told once. The command line, the tests, the benchmarks and the README read it. */
import type { Entry } from '@keepprob/core/catalogue';
import { colors } from './colors/catalogue.ts';
import { combinators } from './combinators/catalogue.ts';
import { erasing } from './erasing/catalogue.ts';
import { labels } from './labels/catalogue.ts';
import { mixing } from './mixing/catalogue.ts';
import { noise } from './noise/catalogue.ts';
import { warps } from './warps/catalogue.ts';

/**
 * The entries of this package.
 * @example
 * catalogue.some(({ name }) => name === 'mixup'); // true
 */
export const catalogue: readonly Entry[] = [
  ...labels,
  ...mixing,
  ...noise,
  ...warps,
  ...erasing,
  ...colors,
  ...combinators,
];
