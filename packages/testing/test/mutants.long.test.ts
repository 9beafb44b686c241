/** Each planted fault put to every law; `npm test` puts it to those that are there for it. */
import './mutants.test.ts';
