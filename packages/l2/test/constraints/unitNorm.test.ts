import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { unitNorm } from '../../src/index.ts';
import { norms, trained } from '../trained.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('unit norms are 1 after training', async () => {
  for (const norm of norms((await trained(unitNorm())).kernel)) expect(norm).toBeCloseTo(1, 5);
});
test.each<() => unknown>([() => unitNorm({ axis: 0 } as never)])('bad options %#', f => expect(f).toThrow(OptionError));
