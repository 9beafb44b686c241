/** Many more models; `npm test` takes 80 each. */
import './random.test.ts';
