/** `dist/browser/keepprob.js`: a module for pages without a bundler. */
import './fromMap.ts';

export * from './everything.ts';
