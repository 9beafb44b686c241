/** Pages that end in every way at five updates; in `npm test` in two ways, at one or two. */
import './page.test.ts';
