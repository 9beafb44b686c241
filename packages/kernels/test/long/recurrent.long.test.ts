/** Every three options of recurrent layers together; `npm test` takes all of them at once. */
import '../recurrent/coverage.test.ts';
