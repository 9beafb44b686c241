/** The programs of all techniques; `npm test` runs every fourth. */
import './site.test.ts';
