/** With the pairs of `--measure` trained to their end; `npm test` ends them. */
import './doctor.test.ts';
