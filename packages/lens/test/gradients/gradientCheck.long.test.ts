/** All networks, seeds and errors of gradients; `npm test` takes a few of each. */
import './gradientCheck.test.ts';
