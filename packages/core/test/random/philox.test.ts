import { expect, test } from 'vitest';
import { philox4x32 } from '../../src/random.ts';

// Random123's known-answer vectors at 10 rounds, and the same generator at 7 (computed independently, float-free)
const vectors = [
  ['00000000 00000000 00000000 00000000', '00000000 00000000', 10, '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  ['00000000 00000000 00000000 00000000', '00000000 00000000', 7, '5f6fb709 0d893f64 4f121f81 4f730a48'],
  ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', 10, '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', 7, '5207ddc2 45165e59 4d8ee751 8c52f662'],
  ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 10, 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 7, '4dfccaba 190a87f0 c47362ba b6b5242a'],
] as const;

const words = (text: string): number[] => text.split(' ').map(w => Number.parseInt(w, 16));

test.each(vectors)('Philox4x32(%s; %s) after %i rounds is %s', (counter, key, rounds, expected) => {
  const out = philox4x32(words(counter) as never, words(key) as never, rounds);
  expect([...out]).toEqual(words(expected));
});
