/** What the kit is called with, checked before the first test is defined. */
import { option } from '@keepprob/core';
import { checkArgument } from '@keepprob/core/driver';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** A runner may be a function with fields, as mocha's and node:test's `test` are. */
const hasFunctions = (value: unknown, ...names: string[]): boolean =>
  (isObject(value) || typeof value === 'function') &&
  names.every(name => typeof Reflect.get(value, name) === 'function');

const runnerOption = option.custom(
  "the functions of a test runner, as { describe, it }: vitest's, jest's, mocha's or node:test's",
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

/** @throws OptionError when there is no `describe` or no `it` */
export const checkRunner = (owner: string, runner: unknown): void =>
  checkArgument(owner, 'runner', runnerOption, runner);

/** @throws OptionError when a part is missing that every law needs */
export const checkSubject = (subject: unknown): void => checkArgument('conformance', 'subject', subjectOption, subject);

/** @throws OptionError for what is no list of entries, or no function */
export function checkCatalogue(catalogue: unknown, register: unknown): void {
  checkArgument('conformanceOf', 'catalogue', catalogueOption, catalogue);
  checkArgument('conformanceOf', 'register', option.fn(), register);
}
