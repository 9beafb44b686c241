/** The main door in Node: the same names; `search` can write its journal to a folder. */
export * from './index.ts';
export { search } from './study/search.node.ts';
