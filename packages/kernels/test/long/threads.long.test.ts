/** Products of more sizes on several threads; `npm test` takes half of them. */
import '../threads.test.ts';
