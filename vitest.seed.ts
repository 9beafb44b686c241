/**
 * No test passes or fails by chance: where no seed is given, TF.js 4.22 and our runs ask `Math.random` for one, and it gives each test the same numbers
 * every time.
 */
import seedrandom from 'seedrandom';
import { beforeEach } from 'vitest';

// for what a file does before its first test
Math.random = seedrandom('keepprob');

beforeEach(({ task }) => {
  Math.random = seedrandom(task.fullName);
});
