/** The search of the README with all its trials and epochs; `npm test` takes fewer. */
import './readme.test.ts';
