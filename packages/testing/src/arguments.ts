/** The arguments of the kit, checked before the first test is defined. */
import { option } from '@keepprob/core';
import { checkArgument } from '@keepprob/core/driver';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** A runner may be a function with properties, like `test` of mocha and node:test. */
const hasFunctions = (value: unknown, ...names: string[]): boolean =>
  (isObject(value) || typeof value === 'function') &&
  names.every(name => typeof Reflect.get(value, name) === 'function');

const runnerOption = option.custom(
  'the functions of a test runner such as vitest, jest, mocha or node:test, as { describe, it }',
  value => hasFunctions(value, 'describe', 'it'),
);
const subjectOption = option.custom(
  "{ kind: 'layer' or 'training', name, create, options, variants, bad, … }, and `register` for a layer",
  value =>
    hasFunctions(value, 'create', ...(isObject(value) && value.kind === 'layer' ? ['register'] : [])) &&
    isObject(value) &&
    (value.kind === 'layer' || value.kind === 'training') &&
    typeof value.name === 'string' &&
    isObject(value.options) &&
    Array.isArray(value.variants) &&
    Array.isArray(value.bad),
);
const catalogueOption = option.list(
  option.custom(
    'an entry of a catalogue',
    value => isObject(value) && typeof value.kind === 'string' && typeof value.name === 'string',
  ),
);

/** @throws OptionError if `describe` or `it` is missing */
export const checkRunner = (owner: string, runner: unknown): void =>
  checkArgument(owner, 'runner', runnerOption, runner);

/** @throws OptionError if a part that every law needs is missing */
export const checkSubject = (subject: unknown): void => checkArgument('conformance', 'subject', subjectOption, subject);

/** @throws OptionError if `catalogue` is not a list of entries, or `register` is not a function */
export function checkCatalogue(catalogue: unknown, register: unknown): void {
  checkArgument('conformanceOf', 'catalogue', catalogueOption, catalogue);
  checkArgument('conformanceOf', 'register', option.fn(), register);
}
