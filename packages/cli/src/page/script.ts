/** `dist/browser/keepprob.script.js`: the global `keepprob`, for pages and workers without modules. */
import './fromGlobal.ts';

export * from './everything.ts';
