/** The kit says what it takes, before it defines a test. */
import { OptionError } from '@keepprob/core';
import { catalogue } from '@keepprob/l2/catalogue';
import { expect, test, vi } from 'vitest';
import { conformance, conformanceOf } from '../src/index.ts';

const runner = { describe: vi.fn(), it: vi.fn() };
const subject = { kind: 'training', name: 'none', create: vi.fn(), options: {}, variants: [], bad: [] };

/** As JavaScript calls it. */
function refused(f: unknown, args: readonly unknown[], part: string): void {
  runner.describe.mockClear();
  expect(() => typeof f === 'function' && Reflect.apply(f, undefined, args)).toThrow(
    expect.objectContaining({ name: OptionError.name, option: part }),
  );
  expect(runner.describe).not.toHaveBeenCalled();
}

const runners: readonly unknown[] = [
  undefined,
  null,
  3,
  {},
  { describe: vi.fn() },
  { it: vi.fn() },
  { describe: vi.fn(), it: 1 },
];
test.each(runners)('no runner: %o', wrong => {
  refused(conformance, [wrong, subject], 'runner');
  refused(conformanceOf, [wrong, catalogue], 'runner');
});

test.each([
  undefined,
  null,
  'l2',
  [],
  { ...subject, kind: 'plugin' },
  { ...subject, kind: 'layer' },
  ...['kind', 'name', 'create', 'options', 'variants', 'bad'].map(part => ({ ...subject, [part]: undefined })),
])('no subject: %o', wrong => {
  refused(conformance, [runner, wrong], 'subject');
});

test.each([undefined, null, 3, {}, 'l2', [null], [{}], [...catalogue, undefined]])('no catalogue: %o', wrong => {
  refused(conformanceOf, [runner, wrong], 'catalogue');
});

test('register is a function, or left out', () => {
  refused(conformanceOf, [runner, catalogue, 3], 'register');
  conformanceOf(runner, catalogue);
  expect(runner.describe).toHaveBeenCalled();
});

test('a runner that is a function with fields', () => {
  runner.describe.mockClear();
  conformanceOf(Object.assign(vi.fn(), runner), catalogue);
  expect(runner.describe).toHaveBeenCalled();
});
