import { expect, test } from 'vitest';
import { addWords } from '../../src/table/hash.ts';

test('hashed: the same words in any order and case are the same numbers, twice a word counts twice', () => {
  const hashed = (text: string): number[] => {
    const data = new Float32Array(16);
    addWords(text, 16, data, 0);
    return [...data];
  };
  expect(hashed('The cat, the Dog!')).toEqual(hashed('dog the THE cat'));
  expect(hashed('cat cat')).toEqual(hashed('cat').map(value => 2 * value));
  expect(hashed('')).toEqual(new Array(16).fill(0));
  expect(hashed('cat').filter(value => value !== 0)).toHaveLength(1);
  // FNV-1a of "a" is 0xe40c292c: the top bit is set, the others are 0x640c292c, of which 4 bits are 12
  expect(hashed('a')[12]).toBe(-1);
});
