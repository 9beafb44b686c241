/** With a core of its own for each package; `npm test` takes those that cover the others. */
import './twoCores.test.ts';
