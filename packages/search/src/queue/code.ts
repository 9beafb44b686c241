/** The module of a trial as a single file that a worker on another machine can load. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OptionError } from '@keepprob/core';
import * as messages from '../messages.ts';

/** Packages that the worker provides: a process has one TensorFlow.js, in which layers and kernels register. */
const EXTERNAL = ['@tensorflow/*', '@keepprob/*', 'keepprob'];
const RELATIVE = /\b(?:from|import)\s*\(?\s*['"](?:\.|\/|file:)/;

/** Removes comments, which may refer to types in other files. */
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

/**
 * Bundles the module with esbuild if it is installed; else returns the file itself, which may then only import packages.
 * @throws OptionError for a module that cannot be bundled
 */
export async function codeOf(trial: URL): Promise<string> {
  const refuse = (reason: string): OptionError =>
    new OptionError(messages.notSent(trial.href, reason), { option: 'trial', received: trial.href });
  if (trial.protocol !== 'file:') throw refuse('it is not a file');
  const path = fileURLToPath(trial);
  const esbuild = await import('esbuild').catch(() => null);
  if (esbuild === null) {
    const text = await readFile(path, 'utf8').catch((error: Error) => Promise.reject(refuse(error.message)));
    if (!/\.m?js$/.test(path) || RELATIVE.test(withoutComments(text)))
      throw refuse('it imports other files or is not JavaScript, and esbuild is not installed');
    return text;
  }
  try {
    const { outputFiles } = await esbuild.build({
      ...{ entryPoints: [path], bundle: true, write: false, external: EXTERNAL, absWorkingDir: dirname(path) },
      ...{ format: 'esm', platform: 'node', target: 'node20', logLevel: 'silent', legalComments: 'none' },
    });
    return outputFiles[0]?.text ?? '';
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}
