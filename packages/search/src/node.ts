/** What needs Node: searches in child processes. */
export { type LocalOptions, local } from './engines/local.ts';
