import type { Comparison } from './comparison.ts';
import { dense } from './dense.ts';
import { images } from './images.ts';

/** By the name that `--example` takes. */
export const comparisons: Readonly<Record<string, Comparison>> = { dense, images };
