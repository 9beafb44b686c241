/** An example fails where it throws, or comes to something else than its comments say. */
import { expect, test } from 'vitest';
import { moduleOf } from './docExample.ts';
import type { Export } from './doors.ts';
import { runModules } from './snippets.ts';

const found = (name: string, door: string): Export => ({
  name,
  door,
  value: true,
  called: true,
  examples: [],
  silent: [],
  withoutDefault: [],
});
const countOf = found('countOf', '@keepprob/core');
const examples: Readonly<Record<string, readonly [code: string, failure: RegExp]>> = {
  'a value that is right': ['countOf({ steps: 100 }); // 100', /^$/],
  'a value that is wrong': ['countOf({ steps: 100 }); // 101', /AssertionError.*101/s],
  'a value in words': ['countOf({ steps: 100 }); // such as 101', /^$/],
  'a number as far as it is written out': ['const third = 1 / 3; // 0.333', /^$/],
  'a number that rounds to another one': ['const third = 1 / 3; // 0.334', /AssertionError.*0\.334/s],
  'a whole number': ['[1.2]; // [1]', /AssertionError/],
  'a tensor': ['tf.tensor1d([1, 2]); // [1, 2]', /^$/],
  'another tensor': ['tf.tensor1d([1, 2]); // [1, 3]', /AssertionError/],
  'a promise': ['Promise.resolve({ a: 1 }); // { a: 2 }', /AssertionError/],
  'an error': [`throw new Error('out of paint');`, /out of paint/],
  'a name that no door exports': ['countOff(1);', /countOff is not defined/],
};
const given = { tf: `import * as tf from '@tensorflow/tfjs';` };
const outcomes = runModules(
  'docExample',
  new Map(Object.entries(examples).map(([name, [code]]) => [`${name}.mjs`, moduleOf(code, countOf, [countOf], given)])),
);

test.each(Object.entries(examples))('%s', async (name, [, failure]) =>
  expect((await outcomes).get(`${name}.mjs`)?.failure).toMatch(failure),
);

test('a name that two doors export is that of its own door', () => {
  const both = [found('register', '@keepprob/core/layers'), found('register', '@keepprob/l2')];
  for (const owner of both) expect(moduleOf('register();', owner, both, {})).toContain(`from '${owner.door}'`);
});
