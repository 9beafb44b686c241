import { OptionError } from '@keepprob/core';

/** Runs `make`, and adds the place in the config to an error in it, whether ours or TF.js'. */
export function within<T>(where: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new OptionError(`${where}: ${(error as Error).message}`);
  }
}
