/** The programs of all techniques, and those that train for seconds; `npm test` runs every sixth of the former. */
import './site.test.ts';
