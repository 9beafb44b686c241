/** Recurrent layers without a mask, and with one of booleans and one of integers; `npm test` takes one mask. */
import '../recurrent/masks.test.ts';
