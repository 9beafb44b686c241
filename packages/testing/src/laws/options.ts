import { OptionError } from '@keepprob/core';
import { ensure, thrown } from '../expect.ts';
import type { Law, Subject } from '../subject.ts';

/** Bad options get a typed error that names them, before anything happens. */
export const options: Law<Subject> = {
  name: 'every bad option is refused with an OptionError that names it',
  async check(subject) {
    const create = subject.create as (options: unknown) => unknown;
    const unknown = { options: { ...(subject.options as object), zzz: 1 }, option: 'zzz' };
    for (const { options, option } of [...subject.bad, unknown]) {
      const error = thrown(() => create(options));
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
