/** Every technique of this package, told once. The command line, the tests, the benchmarks and the README read it. */
import type { Entry } from '@keepprob/core/catalogue';
import { constraints } from './constraints/catalogue.ts';
import { penalties } from './penalties/catalogue.ts';
import { wrappers } from './wrappers/catalogue.ts';

/**
 * The entries of this package.
 * @example
 * catalogue.some(({ name }) => name === 'l2'); // true
 */
export const catalogue: readonly Entry[] = [...penalties, ...constraints, ...wrappers];
