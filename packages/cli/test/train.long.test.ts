/** With workers that share batches, too; `npm test` has those in the tests of the trainer. */
import './train.test.ts';
