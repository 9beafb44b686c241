import { readSpace } from '@keepprob/search';
import { expect, test } from 'vitest';
import { probesOf } from '../../src/search/probes.ts';

test('every bound, every "off" and every value of a choice stands in a probe, and each probe makes a config', () => {
  const { dimensions, at } = readSpace({
    units: { space: 'int', low: 4, high: 16 },
    keep: { space: 'keepProb', low: 0.3, high: 0.9 },
    regularizer: {
      space: 'choice',
      of: [
        'none',
        { strength: { space: 'float', low: 1e-3, high: 1, log: true, off: 0 } },
        { space: 'choice', of: ['a', 'b'] },
      ],
    },
  });
  const configs = probesOf(dimensions).map(point => at(point));
  const seen = (key: 'units' | 'keep' | 'regularizer') => new Set(configs.map(config => JSON.stringify(config[key])));
  expect(seen('units')).toEqual(new Set(['4', '16']));
  expect(seen('keep')).toEqual(new Set(['0.3', '0.9', '1']));
  const strengths = ['{"strength":0.001}', '{"strength":1}', '{"strength":0}'];
  expect(seen('regularizer')).toEqual(new Set(['"none"', ...strengths, '"a"', '"b"']));
});
