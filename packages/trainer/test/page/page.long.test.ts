/** Pages that end in every way at five updates; in `npm test` in one way, at two. */
import './page.test.ts';
