/** Every three options of recurrent layers together, and every kind of mask; `npm test` takes all options at once, and one mask. */
import '../recurrent/coverage.test.ts';
import '../recurrent/masks.test.ts';
