import { expect, test } from 'vitest';
import { checkOptions, countOf, OptionError, option } from '../../src/index.ts';

const steps = (every: unknown) => checkOptions('thing', { every: option.everySteps() }, { every }).every;
const epochs = (every: unknown) => checkOptions('thing', { every: option.everyEpochs() }, { every }).every;

test('a bare number counts updates', () => {
  expect(countOf(steps(3))).toBe(3);
  expect(countOf(steps({ steps: 3 }))).toBe(3);
  expect(countOf(epochs({ epochs: 2 }))).toBe(2);
});

test.each([0, 1.5, '3', null, {}, { epochs: 3 }, { steps: 0 }, { steps: 3, epochs: 1 }])(
  'no number of updates: %j',
  every => expect(() => steps(every)).toThrow(OptionError),
);

test.each([2, { steps: 2 }, { epochs: 0 }, { epochs: 2, steps: 1 }])('no number of epochs: %j', every => {
  expect(() => epochs(every)).toThrow(/Expected \{ epochs: n \}/);
});
