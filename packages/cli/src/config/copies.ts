/** Finds several copies of a package: layers and tensors of one copy do not work in the training loop of another. */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A package that a file resolves to another copy than this program does. */
export interface OtherCopy {
  readonly module: string;
  readonly theirs: string;
  readonly ours: string;
}

/** The first of these packages that a file would resolve to another copy; packages that it does not find at all do not count. */
export function otherCopyIn(path: string, modules: readonly string[]): OtherCopy | undefined {
  const here = createRequire(import.meta.url);
  const there = createRequire(realpathSync(path));
  for (const module of modules) {
    const theirs = resolved(there, module);
    const ours = here.resolve(module);
    if (theirs !== undefined && theirs !== ours) return { module, theirs, ours };
  }
  return undefined;
}

function resolved(from: NodeJS.Require, module: string): string | undefined {
  try {
    return from.resolve(module);
  } catch {
    return undefined;
  }
}
