/** Copies of a package: layers and tensors of one do not work in the training loop of another. */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A package that a file finds elsewhere than this program does. */
export interface OtherCopy {
  readonly module: string;
  readonly theirs: string;
  readonly ours: string;
}

/** The first of these packages of which a file would have another copy; one that it does not find at all does not count. */
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
