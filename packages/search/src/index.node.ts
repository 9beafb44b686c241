/** The main door in Node: the same names; `search` can write its journal to a folder, and `report` reads one. */
export * from './index.ts';
export { report } from './report/report.node.ts';
export { search } from './study/search.node.ts';
