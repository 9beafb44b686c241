/** All comparisons; `npm test` runs one. */
import './train.test.ts';
