/** 50 chains of plugins; `npm test` takes 20. */
import './composition.test.ts';
