/** Pages that end five times; in `npm test` they end twice. */
import './page.test.ts';
