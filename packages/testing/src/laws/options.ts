import { OptionError } from '@keepprob/core';
import { definitionOf } from '@keepprob/core/catalogue';
import { ensure, thrown } from '../expect.ts';
import { net } from '../net.ts';
import type { BadOptions, Law, Subject } from '../subject.ts';

/** Bad options that follow from the definition: an unknown key, each required option left out, a `where` that is not a function. */
function always({ options: valid, definition, create }: Subject): BadOptions[] {
  const given: Readonly<Record<string, unknown>> = valid;
  const specs = (definition ?? definitionOf(create))?.options ?? {};
  const required = Object.keys(specs).filter(name => !('fallback' in Object(specs[name])) && name in given);
  return [
    { options: { ...given, zzz: 1 }, option: 'zzz' },
    ...required.map(option => ({ options: { ...given, [option]: undefined }, option })),
    ...('where' in specs ? [{ options: { ...given, where: 3 }, option: 'where' }] : []),
  ];
}

/** Bad options get a typed error that names them, before anything happens. */
export const options: Law<Subject> = {
  name: 'every bad option is rejected with an OptionError that names it',
  async check(subject) {
    const create = subject.create as (options: unknown, model: unknown) => unknown;
    const model = net();
    for (const { options, option } of [...subject.bad, ...always(subject)]) {
      const error = thrown(() => create(options, model));
      const what = `${subject.name}(${JSON.stringify(options)})`;
      ensure(error !== undefined, `${what} was accepted`);
      ensure(error instanceof OptionError, `${what} threw ${error.name}, not an OptionError: ${error.message}`);
      ensure(
        option === undefined || error.option === option,
        `${what}: the error names option ${error.option}, expected ${option}`,
      );
    }
  },
};
