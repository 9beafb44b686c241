/** Killed 16 times; in `npm test` 3 times. */
import './directoryStore.test.ts';
