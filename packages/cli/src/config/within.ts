import { OptionError } from '@keepprob/core';

/** Runs `make`; an error in it, of ours or of TF.js, says where in the config that is. */
export function within<T>(where: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new OptionError(`${where}: ${(error as Error).message}`);
  }
}
