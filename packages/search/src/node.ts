/** What needs Node: searches in child processes, and journals in files. */
export type { Unit } from './contract.ts';
