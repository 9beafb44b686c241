import type { Pruner } from '../contract.ts';

/**
 * Never ends a trial: each gets all its units.
 * @example
 * none().prune([{ value: 100, best: 1 }]); // false
 */
export const none = (): Pruner => ({ name: 'none', prune: () => false });
