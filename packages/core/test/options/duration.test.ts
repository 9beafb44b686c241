import { expect, test } from 'vitest';
import { duration } from '../../src/driver.ts';

test.each([
  [0.5, '0.5 ms'],
  [999, '999 ms'],
  [1000, '1 s'],
  [1500, '1.5 s'],
  [60_000, '1 min'],
  [5_400_000, '1.5 h'],
  [360_000_000, '100 h'],
  [3_600_000_000, '1000 h'],
])('%d ms are %s', (ms, said) => expect(duration(ms)).toBe(said));
