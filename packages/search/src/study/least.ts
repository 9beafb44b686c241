import type { Chooser } from '../contract.ts';
import { mean } from './mean.ts';

/** The smallest mean. */
export const least: Chooser = {
  name: 'least',
  choose(candidates) {
    const value = (of: (typeof candidates)[number]): number => mean(of.results.map(result => result.value));
    return candidates.reduce((best, candidate) => (value(candidate) < value(best) ? candidate : best));
  },
};
