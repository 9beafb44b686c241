/** Killed after every step; `npm test` kills after every third. */
import './resume.test.ts';
