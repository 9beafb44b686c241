import { OptionError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import type { Trial } from '../contract.ts';

/**
 * The trial as a function: given directly, or exported by the module at a URL.
 * @throws OptionError for a module that cannot be loaded, or whose default export is not a function
 */
export async function trialOf(trial: Trial | URL): Promise<Trial> {
  if (typeof trial === 'function') return trial;
  const module: { readonly default?: unknown } = await import(/* @vite-ignore */ trial.href).catch((error: unknown) => {
    throw OptionError.of(
      'search',
      'trial',
      'a module that loads',
      error instanceof Error ? `${trial.href}: ${error.message}` : error,
    );
  });
  if (typeof module.default !== 'function')
    throw OptionError.of(
      'search',
      'trial',
      `a module whose default export is a function, ${trial.href}`,
      show(module.default),
    );
  return module.default as Trial;
}
