/** The snippets of the packages' READMEs as they stand; `npm test` cuts the epochs of those that train long. */
import './packages.test.ts';
