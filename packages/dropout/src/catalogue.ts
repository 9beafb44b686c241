/** Every technique of this package, told once. The command line, the tests, the benchmarks and the README read it. */
import type { Entry } from '@keepprob/core/catalogue';
import { layers } from './layers/catalogue.ts';
import { schedules } from './options/catalogue.ts';
import { recurrentLayers } from './recurrent/catalogue.ts';
import { training } from './training/catalogue.ts';
import { wrappers } from './wrappers/catalogue.ts';

/**
 * The entries of this package.
 * @example
 * catalogue.some(({ name }) => name === 'dropout'); // true
 */
export const catalogue: readonly Entry[] = [...layers, ...recurrentLayers, ...wrappers, ...training, ...schedules];
