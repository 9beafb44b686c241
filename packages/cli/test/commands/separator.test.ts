import { expect, test } from 'vitest';
import { separator } from '../../src/commands/separator.ts';

test.each([
  [';', ';'],
  ['\\t', '\t'],
  ['\t', '\t'],
  ['|', '|'],
])('%j typed is %j', (typed, meant) => expect(separator(typed)).toBe(meant));
