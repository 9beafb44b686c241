/** Packages of others called `keepprob-plugin-…`, from the node_modules of the config's project. */
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { OptionError } from '@keepprob/core';
import { createJiti } from 'jiti';
import { otherCopyIn } from '../copies.ts';
import * as messages from '../messages.ts';

/** A package, and behind # what it exports, where it exports several. */
const packaged = /^((?:@[a-z0-9~-][a-z0-9._~-]*\/)?keepprob-plugin-[a-z0-9._~-]+)(?:#([\w$]+))?$/;

/** What a config calls something of others by. */
interface Packaged {
  /** The package. */
  readonly module: string;
  /** What it exports, if the config says which. */
  readonly wanted: string | undefined;
}

/** The parts of a name; undefined for one that is of no package of others. */
export function packagedAs(name: string): Packaged | undefined {
  const [, module, wanted] = packaged.exec(name) ?? [];
  return module === undefined ? undefined : { module, wanted };
}

/**
 * Imports a package.
 * @param owners files from where it is looked for, one after the other; errors name the first
 * @throws OptionError for one that is not installed there, that has another TensorFlow.js, or that fails while it is loaded
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

/** As `import` in that file would find it, which packages without a door for `require` need. */
function resolvedFrom(owner: string, module: string): string | undefined {
  const parentURL = pathToFileURL(resolve(owner)).href;
  const found = createJiti(parentURL).esmResolve(module, { parentURL, conditions: ['node', 'import'], try: true });
  return found === undefined ? undefined : fileURLToPath(found);
}
