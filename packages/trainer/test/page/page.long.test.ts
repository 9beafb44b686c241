/** Pages that end in every way at five updates, in both browsers; in `npm test` at one or two, and in Chromium alone. */
import './firefox.test.ts';
import './page.test.ts';
