import { OptionError } from '@keepprob/core';
import { expect, test } from 'vitest';
import { elasticNet } from '../src/index.ts';

test('both strengths must be given', () => {
  expect(() => elasticNet({ l1: 1 } as never)).toThrow(OptionError);
  expect(() => elasticNet({ l1: 1 } as never)).toThrow(/`l2` is missing/);
});
