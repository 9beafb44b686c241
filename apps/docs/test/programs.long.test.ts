/** The programs of all techniques; `npm test` runs every sixth. */
import './site.test.ts';
