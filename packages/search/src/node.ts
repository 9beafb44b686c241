/** The exports that need Node: searches in child processes. */
export { type LocalOptions, local } from './engines/local.ts';
