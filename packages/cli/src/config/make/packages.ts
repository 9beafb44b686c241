/** Third-party packages called `keepprob-plugin-…`, from the node_modules of the config's project. */
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { OptionError } from '@keepprob/core';
import { createJiti } from 'jiti';
import { otherCopyIn } from '../copies.ts';
import * as messages from '../messages.ts';

/** A package, followed by # and the name of an export if it has several. */
const packaged = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?keepprob-plugin-[a-z0-9._~-]+)(?:#([\w$]+))?$/;

/** The name in a config of something from a third-party package. */
interface Packaged {
  /** The package. */
  readonly module: string;
  /** The export, if the config names one. */
  readonly wanted: string | undefined;
}

/** The parts of a name; undefined if it is not that of a third-party package. */
export function packagedAs(name: string): Packaged | undefined {
  const [, module, wanted] = packaged.exec(name) ?? [];
  return module === undefined ? undefined : { module, wanted };
}

/**
 * Imports a package.
 * @param owners files from which the package is resolved, tried one after the other; errors name the first
 * @throws OptionError if it is not installed there, uses another copy of TensorFlow.js, or fails while it is loaded
 */
export async function exportsOf(
  owners: readonly [string, ...string[]],
  module: string,
): Promise<Readonly<Record<string, unknown>>> {
  const [owner] = owners;
  const file = owners.map(from => resolvedFrom(from, module)).find(found => found !== undefined);
  if (file === undefined) throw new OptionError(messages.notInstalled(owner, module));
  const other = otherCopyIn(file, ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers']);
  if (other) throw new OptionError(messages.strangerCopies(owner, module, other));
  try {
    const exported: unknown = await import(pathToFileURL(file).href);
    return typeof exported === 'object' && exported !== null ? { ...exported } : {};
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new OptionError(messages.strangerThrows(owner, module, reason));
  }
}

/** The file that `import` in `owner` would find, as needed for packages without an entry point for `require`. */
function resolvedFrom(owner: string, module: string): string | undefined {
  const parentURL = pathToFileURL(resolve(owner)).href;
  const found = createJiti(parentURL).esmResolve(module, { parentURL, conditions: ['node', 'import'], try: true });
  return found === undefined ? undefined : fileURLToPath(found);
}
