/** Killed 16 times; in `npm test` 6 times. */
import './directoryStore.test.ts';
