/** All pictures; `npm test` looks at one. */
import './pictures.test.ts';
