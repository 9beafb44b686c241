/** The main entry point in Node: the same exports; `search` can write its journal to a folder, and `report` can read one. */
export * from './index.ts';
export { report } from './report/report.node.ts';
export { search } from './study/search.node.ts';
